import { describeContract } from '../../../testing/contract/vitest.ts';
import { notionKit } from '../../testing/kit.ts';

describeContract(notionKit, 'create-page');
