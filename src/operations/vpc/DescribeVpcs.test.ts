import { testServedAs } from '../../testing/operation-tests.ts';
import { DescribeVpcs as OfEcs } from '../ecs/DescribeVpcs.ts';
import { DescribeVpcs } from './DescribeVpcs.ts';

testServedAs(DescribeVpcs, OfEcs);
