import { testServedAs } from '../../testing/operation-tests.ts';
import { CreateVSwitch as OfEcs } from '../ecs/CreateVSwitch.ts';
import { CreateVSwitch } from './CreateVSwitch.ts';

testServedAs(CreateVSwitch, OfEcs);
