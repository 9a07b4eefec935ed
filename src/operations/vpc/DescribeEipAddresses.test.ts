import { testServedAs } from '../../testing/operation-tests.ts';
import { DescribeEipAddresses as OfEcs } from '../ecs/DescribeEipAddresses.ts';
import { DescribeEipAddresses } from './DescribeEipAddresses.ts';

testServedAs(DescribeEipAddresses, OfEcs);
