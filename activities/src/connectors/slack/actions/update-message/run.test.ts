import { describeContract } from '../../../testing/contract/vitest.ts';
import { slackKit } from '../../testing/kit.ts';

describeContract(slackKit, 'update-message');
