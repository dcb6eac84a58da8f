import { describeContract } from '../../../testing/contract/vitest.ts';
import { driveKit } from '../../testing/kit.ts';

describeContract(driveKit, 'list-files');
