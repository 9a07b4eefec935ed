import { servedAs } from '../../operation.ts';
import { CreateVpc as OfEcs } from '../ecs/CreateVpc.ts';
import { VPC_VERSION } from '../ecs/shared/network-parameters.ts';

export const CreateVpc = servedAs(OfEcs, 'vpc', VPC_VERSION);
