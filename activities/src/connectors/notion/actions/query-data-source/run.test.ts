import { describeContract } from '../../../testing/contract/vitest.ts';
import { notionKit } from '../../testing/kit.ts';

describeContract(notionKit, 'query-data-source');
