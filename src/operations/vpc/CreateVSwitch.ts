import { servedAs } from '../../operation.ts';
import { CreateVSwitch as OfEcs } from '../ecs/CreateVSwitch.ts';
import { VPC_VERSION } from '../ecs/shared/network-parameters.ts';

export const CreateVSwitch = servedAs(OfEcs, 'vpc', VPC_VERSION);
