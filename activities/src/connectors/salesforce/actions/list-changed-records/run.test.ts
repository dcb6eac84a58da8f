import { describeContract } from '../../../testing/contract/vitest.ts';
import { salesforceKit } from '../../testing/kit.ts';

describeContract(salesforceKit, 'list-changed-records');
