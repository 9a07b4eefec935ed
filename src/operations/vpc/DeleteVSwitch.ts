import { servedAs } from '../../operation.ts';
import { DeleteVSwitch as OfEcs } from '../ecs/DeleteVSwitch.ts';
import { VPC_VERSION } from '../ecs/shared/network-parameters.ts';

export const DeleteVSwitch = servedAs(OfEcs, 'vpc', VPC_VERSION);
