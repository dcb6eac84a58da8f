import { describeContract } from '../../../testing/contract/vitest.ts';
import { salesforceKit } from '../../testing/kit.ts';

describeContract(salesforceKit, 'update-record');
