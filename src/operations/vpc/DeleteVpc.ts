import { servedAs } from '../../operation.ts';
import { DeleteVpc as OfEcs } from '../ecs/DeleteVpc.ts';
import { VPC_VERSION } from '../ecs/shared/network-parameters.ts';

export const DeleteVpc = servedAs(OfEcs, 'vpc', VPC_VERSION);
