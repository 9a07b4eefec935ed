import { testServedAs } from '../../testing/operation-tests.ts';
import { DescribeVSwitches as OfEcs } from '../ecs/DescribeVSwitches.ts';
import { DescribeVSwitches } from './DescribeVSwitches.ts';

testServedAs(DescribeVSwitches, OfEcs);
