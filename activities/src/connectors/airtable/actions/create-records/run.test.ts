import { describeContract } from '../../../testing/contract/vitest.ts';
import { airtableKit } from '../../testing/kit.ts';

describeContract(airtableKit, 'create-records');
