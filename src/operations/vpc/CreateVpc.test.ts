import { testServedAs } from '../../testing/operation-tests.ts';
import { CreateVpc as OfEcs } from '../ecs/CreateVpc.ts';
import { CreateVpc } from './CreateVpc.ts';

testServedAs(CreateVpc, OfEcs);
