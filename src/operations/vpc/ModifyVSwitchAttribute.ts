import { servedAs } from '../../operation.ts';
import { ModifyVSwitchAttribute as OfEcs } from '../ecs/ModifyVSwitchAttribute.ts';
import { VPC_VERSION } from '../ecs/shared/network-parameters.ts';

export const ModifyVSwitchAttribute = servedAs(OfEcs, 'vpc', VPC_VERSION);
