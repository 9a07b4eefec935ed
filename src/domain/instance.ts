// The instance as a record: its words, and its states as a table. No machine runs behind it. A
// transition is one row that settles by the wall clock (resource.ts); nothing here writes.
import type { OsType } from './image.ts';
import type { Resource } from './resource.ts';

export const INSTANCE_STATUSES = ['Pending', 'Running', 'Starting', 'Stopping', 'Stopped'] as const;
export type InstanceStatus = (typeof INSTANCE_STATUSES)[number];

/** How long a transition shows, milliseconds. Clients poll every few seconds. */
export const SETTLE_MS = 1_000;

export type InstanceMove = 'start' | 'stop' | 'reboot';

/** What a call asks of an instance: the status that it needs, the one on the way, and the end. */
export const INSTANCE_MOVES: Readonly<
  Record<InstanceMove, { from: InstanceStatus; via: InstanceStatus; to: InstanceStatus }>
> = {
  start: { from: 'Stopped', via: 'Starting', to: 'Running' },
  stop: { from: 'Running', via: 'Stopping', to: 'Stopped' },
  reboot: { from: 'Running', via: 'Starting', to: 'Running' },
};

/** What a disk, and with it an instance, takes over of the image that it was made from. */
export interface SourceTraits {
  osType: OsType;
  platform: string;
  /** Display names, Chinese and English; empty for the usual ones of the platform. */
  osName: string;
  osNameEn: string;
  architecture: 'i386' | 'x86_64' | 'arm64';
  bootMode: 'BIOS' | 'UEFI' | 'UEFI-Preferred';
  licenseType: string;
  nvmeSupport: string;
  imdsSupport: string;
}

/** An instance's own part of its record. */
export interface InstanceDetail {
  description: string;
  hostName: string;
  /** `ecs.g7.large`; any name of this form, be it listed or not. */
  instanceType: string;
  zoneId: string;
  /** Empty: classic network. */
  vpcId: string;
  vSwitchId: string;
  securityGroupIds: string[];
  keyPairName: string;
  privateIpAddress: string;
  publicIpAddress: string;
  internetChargeType: string;
  internetMaxBandwidthIn: number;
  internetMaxBandwidthOut: number;
  instanceChargeType: string;
  spotStrategy: string;
  deletionProtection: boolean;
  loginAsNonRoot: boolean;
  httpEndpoint: string;
  httpTokens: string;
  creditSpecification: string;
  /** Base64 as given, sealed under the master key; absent for none. */
  sealedUserData?: string;
  /** In clear: of rows that were made before user data were sealed. */
  userData?: string;
  /** When it was started last, wall clock; 0: never. */
  startMs: number;
  /** `KeepCharging`, `StopCharging` or `Not-applicable`. */
  stoppedMode: string;
  traits: SourceTraits;
}

export type Instance = Resource<InstanceDetail>;

const PLAIN_TRAITS: SourceTraits = {
  osType: 'linux',
  platform: 'Others Linux',
  osName: '',
  osNameEn: '',
  architecture: 'x86_64',
  bootMode: 'BIOS',
  licenseType: 'Aliyun',
  nvmeSupport: 'unsupported',
  imdsSupport: 'v1',
};

const PLAIN: InstanceDetail = {
  description: '',
  hostName: '',
  instanceType: '',
  zoneId: '',
  vpcId: '',
  vSwitchId: '',
  securityGroupIds: [],
  keyPairName: '',
  privateIpAddress: '',
  publicIpAddress: '',
  internetChargeType: 'PayByTraffic',
  internetMaxBandwidthIn: 0,
  internetMaxBandwidthOut: 0,
  instanceChargeType: 'PostPaid',
  spotStrategy: 'NoSpot',
  deletionProtection: false,
  loginAsNonRoot: false,
  httpEndpoint: 'enabled',
  httpTokens: 'optional',
  creditSpecification: '',
  startMs: 0,
  stoppedMode: 'Not-applicable',
  traits: PLAIN_TRAITS,
};

/** The record as an instance; a row of an older server may lack members. */
export const toInstance = (resource: Resource): Instance => ({
  ...resource,
  detail: { ...PLAIN, ...resource.detail },
});

/** Whether the instance is in a state that the move starts from. */
export const permitsMove = ({ status }: Pick<Resource, 'status'>, move: InstanceMove): boolean =>
  status === INSTANCE_MOVES[move].from;

/** Whether disks, system disk and image may be taken of the instance, or changed under it. */
export const isSettled = ({ status }: Pick<Resource, 'status'>): boolean =>
  status === 'Running' || status === 'Stopped';
