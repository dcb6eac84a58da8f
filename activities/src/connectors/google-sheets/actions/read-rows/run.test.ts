import { describeContract } from '../../../testing/contract/vitest.ts';
import { sheetsKit } from '../../testing/kit.ts';

describeContract(sheetsKit, 'read-rows');
