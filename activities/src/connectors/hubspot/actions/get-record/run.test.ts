import { describeContract } from '../../../testing/contract/vitest.ts';
import { hubspotKit } from '../../testing/kit.ts';

describeContract(hubspotKit, 'get-record');
