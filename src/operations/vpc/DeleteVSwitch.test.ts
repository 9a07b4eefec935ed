import { testServedAs } from '../../testing/operation-tests.ts';
import { DeleteVSwitch as OfEcs } from '../ecs/DeleteVSwitch.ts';
import { DeleteVSwitch } from './DeleteVSwitch.ts';

testServedAs(DeleteVSwitch, OfEcs);
