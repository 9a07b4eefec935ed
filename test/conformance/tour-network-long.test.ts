// Through the records of networks with the current Go SDK: a VPC with a vSwitch, rules of a security
// group, key pairs, an elastic address.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import type { Answer, Call } from './clients.ts';
import { until } from './story.ts';
import { REGION } from './story-plans.ts';
import { tour, type Tour } from './tour.ts';

const SSH = { IpProtocol: 'tcp', PortRange: '22/22' };
const NET = '10.0.0.0/8';

/** The line of an OpenSSH public key. */
const publicKey = (): string => {
  const { publicKey: key } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { n = '', e = '' } = key.export({ format: 'jwk' });
  const field = (bytes: Buffer): Buffer => {
    const size = Buffer.alloc(4);
    size.writeUInt32BE(bytes.length);
    return Buffer.concat([size, bytes]);
  };
  const number = (text: string): Buffer =>
    field(Buffer.concat([Buffer.alloc(1), Buffer.from(text, 'base64url')]));
  const e_ = field(Buffer.from(e, 'base64url'));
  const body = Buffer.concat([field(Buffer.from('ssh-rsa')), e_, number(n)]);
  return `ssh-rsa ${body.toString('base64')}`;
};

const rules = async (call: Call, SecurityGroupId: string): Promise<void> => {
  const group = { RegionId: REGION, SecurityGroupId };
  const permissions = async (): Promise<Answer[]> => {
    const seen = await call('DescribeSecurityGroupAttribute', { ...group, Direction: 'all' });
    return seen.Permissions.Permission.map(({ Direction, Description }: Answer) => [
      Direction,
      Description,
    ]);
  };
  const [into, out] = [
    { ...SSH, SourceCidrIp: NET },
    { ...SSH, DestCidrIp: NET },
  ];
  await call('AuthorizeSecurityGroup', { ...group, Permissions: [into] });
  await call('AuthorizeSecurityGroupEgress', { ...group, Permissions: [out] });
  await call('ModifySecurityGroupRule', { ...group, ...into, Description: 'in' });
  await call('ModifySecurityGroupEgressRule', { ...group, ...out, Description: 'out' });
  assert.deepEqual((await permissions()).toSorted(), [
    ['egress', 'out'],
    ['ingress', 'in'],
  ]);
  await call('RevokeSecurityGroup', { ...group, Permissions: [into] });
  await call('RevokeSecurityGroupEgress', { ...group, Permissions: [out] });
  assert.deepEqual(await permissions(), []);
  await call('ModifySecurityGroupPolicy', { ...group, InnerAccessPolicy: 'Drop' });
  const { InnerAccessPolicy } = await call('DescribeSecurityGroupAttribute', group);
  assert.equal(InnerAccessPolicy, 'Drop');
};

const networks = async ({ call, name }: Tour): Promise<void> => {
  const { Zones } = await call('DescribeZones', { RegionId: REGION });
  const CidrBlock = '172.16.0.0/16';
  const { VpcId } = await call('CreateVpc', { RegionId: REGION, CidrBlock });
  const vpc = async (): Promise<Answer> =>
    (await call('DescribeVpcs', { RegionId: REGION, VpcId })).Vpcs.Vpc[0];
  await until(async () => (await vpc()).Status === 'Available' || undefined, VpcId);
  await call('ModifyVpcAttribute', { RegionId: REGION, VpcId, VpcName: name });
  const { VpcName, CidrBlock: kept } = await vpc();
  assert.deepEqual([VpcName, kept], [name, CidrBlock]);
  const { VSwitchId } = await call('CreateVSwitch', {
    RegionId: REGION,
    VpcId,
    ZoneId: Zones.Zone[0].ZoneId,
    CidrBlock: '172.16.1.0/24',
  });
  const vSwitch = async (): Promise<Answer> =>
    (await call('DescribeVSwitches', { RegionId: REGION, VpcId, VSwitchId })).VSwitches.VSwitch[0];
  await until(async () => (await vSwitch()).Status === 'Available' || undefined, VSwitchId);
  await call('ModifyVSwitchAttribute', { RegionId: REGION, VSwitchId, VSwitchName: name });
  assert.equal((await vSwitch()).VSwitchName, name);
  const group = { RegionId: REGION, VpcId, SecurityGroupName: name };
  const { SecurityGroupId } = await call('CreateSecurityGroup', group);
  await rules(call, SecurityGroupId);
  await call('DeleteSecurityGroup', { RegionId: REGION, SecurityGroupId });
  await call('DeleteVSwitch', { RegionId: REGION, VSwitchId });
  await call('DeleteVpc', { RegionId: REGION, VpcId });
};

const keyPairs = async ({ call, name }: Tour): Promise<void> => {
  const [made, mine] = [`${name}-made`, `${name}-mine`];
  const { PrivateKeyBody } = await call('CreateKeyPair', { RegionId: REGION, KeyPairName: made });
  assert.match(PrivateKeyBody, /^-----BEGIN RSA PRIVATE/);
  const own = { RegionId: REGION, KeyPairName: mine, PublicKeyBody: publicKey() };
  const { KeyPairFingerPrint } = await call('ImportKeyPair', own);
  const { KeyPairs } = await call('DescribeKeyPairs', { RegionId: REGION, KeyPairName: mine });
  assert.equal(KeyPairs.KeyPair[0].KeyPairFingerPrint, KeyPairFingerPrint);
  const KeyPairNames = JSON.stringify([made, mine]);
  await call('DeleteKeyPairs', { RegionId: REGION, KeyPairNames });
};

const addresses = async ({ call }: Tour): Promise<void> => {
  const allocated = await call('AllocateEipAddress', { RegionId: REGION, Bandwidth: '5' });
  const { AllocationId } = allocated;
  await call('ModifyEipAddressAttribute', { RegionId: REGION, AllocationId, Bandwidth: '10' });
  const { EipAddresses } = await call('DescribeEipAddresses', { RegionId: REGION, AllocationId });
  const [address] = EipAddresses.EipAddress;
  assert.deepEqual([address.IpAddress, address.Bandwidth], [allocated.EipAddress, '10']);
  await call('ReleaseEipAddress', { RegionId: REGION, AllocationId });
};

tour('a tour of networks', async (here) => {
  await networks(here);
  await keyPairs(here);
  await addresses(here);
});
