import { testServedAs } from '../../testing/operation-tests.ts';
import { DeleteVpc as OfEcs } from '../ecs/DeleteVpc.ts';
import { DeleteVpc } from './DeleteVpc.ts';

testServedAs(DeleteVpc, OfEcs);
