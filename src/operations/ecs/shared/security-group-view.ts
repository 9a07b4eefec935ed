// How a security group and its rules look on the wire. Fields of things that do not exist here (prefix
// lists, port lists, services that manage groups) are empty, with the vendor's types.
import type { SecurityGroup, SecurityGroupRule } from '../../../domain/security-group.ts';
import { formatSeconds } from '../../../lib/clock.ts';
import { boolean, integer, object, string, type Static } from '../../../lib/schema.ts';
import { tagsView, viewTags } from './network-parameters.ts';

export const permissionSchema = object({
  SecurityGroupRuleId: string(),
  Direction: string({ description: 'ingress or egress.' }),
  IpProtocol: string({ description: 'Upper case: TCP, UDP, ICMP, ICMPV6, GRE, ALL.' }),
  PortRange: string(),
  SourcePortRange: string(),
  NicType: string({ description: 'internet or intranet.' }),
  Policy: string({ description: 'Accept or Drop.' }),
  Priority: string({ description: '1 to 100, as text.' }),
  Description: string(),
  SourceCidrIp: string({ description: 'As it was sent.' }),
  DestCidrIp: string({ description: 'As it was sent.' }),
  Ipv6SourceCidrIp: string({ description: 'As it was sent.' }),
  Ipv6DestCidrIp: string({ description: 'As it was sent.' }),
  SourceGroupId: string(),
  SourceGroupName: string(),
  SourceGroupOwnerAccount: string(),
  SourcePrefixListId: string(),
  SourcePrefixListName: string(),
  DestGroupId: string(),
  DestGroupName: string(),
  DestGroupOwnerAccount: string(),
  DestPrefixListId: string(),
  DestPrefixListName: string(),
  PortRangeListId: string(),
  PortRangeListName: string(),
  CreateTime: string({ description: 'UTC, whole seconds.' }),
});

export const viewRule = (rule: SecurityGroupRule): Static<typeof permissionSchema> => {
  const isIngress = rule.direction === 'ingress';
  return {
    SecurityGroupRuleId: rule.ruleId,
    Direction: rule.direction,
    IpProtocol: rule.ipProtocol,
    PortRange: rule.portRange,
    SourcePortRange: rule.sourcePortRange,
    NicType: rule.nicType,
    Policy: rule.policy,
    Priority: String(rule.priority),
    Description: rule.description,
    SourceCidrIp: rule.sourceCidrIp,
    DestCidrIp: rule.destCidrIp,
    Ipv6SourceCidrIp: rule.ipv6SourceCidrIp,
    Ipv6DestCidrIp: rule.ipv6DestCidrIp,
    SourceGroupId: isIngress ? rule.peerGroupId : '',
    SourceGroupName: '',
    SourceGroupOwnerAccount: isIngress ? rule.peerOwnerAccount : '',
    SourcePrefixListId: '',
    SourcePrefixListName: '',
    DestGroupId: isIngress ? '' : rule.peerGroupId,
    DestGroupName: '',
    DestGroupOwnerAccount: isIngress ? '' : rule.peerOwnerAccount,
    DestPrefixListId: '',
    DestPrefixListName: '',
    PortRangeListId: '',
    PortRangeListName: '',
    CreateTime: formatSeconds(rule.creationMs),
  };
};

export const securityGroupSchema = object({
  SecurityGroupId: string(),
  SecurityGroupName: string(),
  SecurityGroupType: string({ description: 'normal or enterprise.' }),
  Description: string(),
  VpcId: string({ description: 'Empty: classic network.' }),
  CreationTime: string({ description: 'UTC, whole seconds.' }),
  ResourceGroupId: string(),
  RuleCount: integer(),
  GroupToGroupRuleCount: integer({ description: 'Rules that name another group.' }),
  EcsCount: integer({ description: 'Instances in the group; 0 unless IsQueryEcsCount.' }),
  AvailableInstanceAmount: integer({ description: 'Always 0: no limit is kept.' }),
  ServiceManaged: boolean({ description: 'Always false.' }),
  ServiceID: integer({ description: 'Always 0.' }),
  Tags: tagsView,
});

export const viewSecurityGroup = (
  group: SecurityGroup,
  instanceCount = 0,
): Static<typeof securityGroupSchema> => ({
  SecurityGroupId: group.resourceId,
  SecurityGroupName: group.resourceName,
  SecurityGroupType: group.detail.securityGroupType,
  Description: group.detail.description,
  VpcId: group.parentId,
  CreationTime: formatSeconds(group.creationMs),
  ResourceGroupId: group.resourceGroupId,
  RuleCount: group.detail.rules.length,
  GroupToGroupRuleCount: group.detail.rules.filter(({ peerGroupId }) => peerGroupId !== '').length,
  EcsCount: instanceCount,
  AvailableInstanceAmount: 0,
  ServiceManaged: false,
  ServiceID: 0,
  Tags: viewTags(group.tags),
});
