// What a call was about: the ids and names in its input and in its answer, by the type names that
// ActionTrail has for them. Found by their form and by the name of the field, so that no operation says it
// a second time.
import { MOST_RESOURCES, type Resources } from '../../domain/audit-event.ts';

const DEEPEST = 4;

const ID = /^(m|s|t|u|i|d|eni|sg|eip|vpc|vsw|vrt|vtb|ssh|ic|ip|exec|rg|v)-[0-9a-z]{16,26}$/;

const DIGEST = /^sha256:[0-9a-f]{64}$/;

const BY_PREFIX: Readonly<Record<string, string>> = {
  m: 'ACS::ECS::Image',
  s: 'ACS::ECS::Snapshot',
  t: 'ACS::ECS::Task',
  u: 'ACS::Kindred::Upload',
  i: 'ACS::ECS::Instance',
  d: 'ACS::ECS::Disk',
  eni: 'ACS::ECS::NetworkInterface',
  sg: 'ACS::ECS::SecurityGroup',
  eip: 'ACS::EIP::EipAddress',
  vpc: 'ACS::VPC::VPC',
  vsw: 'ACS::VPC::VSwitch',
  vrt: 'ACS::VPC::VRouter',
  vtb: 'ACS::VPC::RouteTable',
  ssh: 'ACS::ECS::KeyPair',
  ic: 'ACS::ECS::ImageComponent',
  ip: 'ACS::ECS::ImagePipeline',
  exec: 'ACS::ECS::ImagePipelineExecution',
  rg: 'ACS::ResourceManager::ResourceGroup',
  v: 'ACS::Kindred::Verification',
};

const BY_FIELD: Readonly<Record<string, string>> = {
  ImageFamily: 'ACS::ECS::ImageFamily',
  KeyPairName: 'ACS::ECS::KeyPair',
  Bucket: 'ACS::OSS::Bucket',
  OSSBucket: 'ACS::OSS::Bucket',
  AccountName: 'ACS::Kindred::Account',
  UserAccessKeyId: 'ACS::RAM::AccessKey',
  AccessKeyId: 'ACS::RAM::AccessKey',
  UserName: 'ACS::RAM::User',
  RoleName: 'ACS::RAM::Role',
  PolicyName: 'ACS::RAM::Policy',
};

export const resourcesIn = (...values: unknown[]): Resources => {
  const found: Resources = {};
  const seen = new Set<string>();
  const add = (type: string, name: string): void => {
    if (seen.size >= MOST_RESOURCES || seen.has(`${type} ${name}`)) return;
    seen.add(`${type} ${name}`);
    (found[type] ??= []).push(name);
  };
  const walk = (value: unknown, field: string, depth: number): void => {
    if (typeof value === 'string') {
      const type =
        BY_PREFIX[ID.exec(value)?.[1] ?? ''] ??
        (DIGEST.test(value) ? 'ACS::Kindred::Blob' : BY_FIELD[field]);
      if (type !== undefined && isName(value)) add(type, value);
    } else if (Array.isArray(value)) {
      for (const entry of value.slice(0, MOST_RESOURCES)) walk(entry, field, depth);
    } else if (typeof value === 'object' && value !== null && depth < DEEPEST)
      for (const [name, entry] of Object.entries(value)) walk(entry, name, depth + 1);
  };
  for (const value of values) walk(value, '', 0);
  return found;
};

/** What may stand in a list of lines. */
const isName = (text: string): boolean =>
  // oxlint-disable-next-line no-control-regex -- control characters are what must not get in
  text !== '' && text.length <= 128 && !/[\u0000-\u001f]/.test(text) && text.isWellFormed();
