// The table of what `kindred serve` can be told: the names, their kinds and what the help says of them.
// Flags, KINDRED_* variables and the keys of kindred.json are the same names. What a value means is read in
// config.ts.
import { DEFAULT_QUOTAS } from '../domain/quota.ts';
import { LOG_LEVELS } from './log.ts';

export interface Setting {
  /** How the value reads; `flag` takes none. */
  kind: 'text' | 'flag' | 'list';
  help: string;
}

/** Every setting, in the order of `--help`. */
export const SETTINGS: Readonly<Record<string, Setting>> = {
  listen: {
    kind: 'text',
    help: 'host:port to listen on; port 0 takes a free one (127.0.0.1:5260)',
  },
  data: { kind: 'text', help: 'the data directory (./kindred-data)' },
  ephemeral: {
    kind: 'flag',
    help: 'keep everything in a temporary directory that goes at the end',
  },
  database: { kind: 'text', help: 'where rows live; only the SQLite file of --data is built' },
  blobs: {
    kind: 'text',
    help: 'where bytes live: files (in --data), or s3://bucket/prefix?endpoint=URL&region=R&forcePathStyle=true',
  },
  buckets: {
    kind: 'text',
    help: 'where OSS bucket names live: a folder, <buckets>/<bucket>/<object> (<data>/buckets), or s3://bucket/prefix?endpoint=URL',
  },
  'region-blobs': {
    kind: 'list',
    help: 'REGION=DIR or REGION=s3://…: a store of its own for the bytes of a region; may be given several times',
  },
  region: { kind: 'list', help: "add a region to the vendor's list; may be given several times" },
  quota: { kind: 'list', help: `a limit, name=number: ${Object.keys(DEFAULT_QUOTAS).join(', ')}` },
  throttle: {
    kind: 'list',
    help: 'calls a second, name=number, 0 for no limit: read and write of one account (1000, 500), anonymous and failed from one address (100, 50)',
  },
  'family-lookup': {
    kind: 'text',
    help: 'current, or classic: refuse acs: names as the 2020 API did',
  },
  'export-format': {
    kind: 'text',
    help: 'what ExportImage writes when no ImageFormat is named: kept, or raw.tar.gz as the vendor does',
  },
  catalogue: {
    kind: 'text',
    help: 'file with the public images (JSON list), or none; without it a small built-in list',
  },
  'pipeline-hold': {
    kind: 'text',
    help: 'seconds that an execution of an image pipeline waits before it begins (0)',
  },
  'verify-every': {
    kind: 'text',
    help: 'days in which all stored bytes are read and hashed again; 0 only when asked (7, with --test-controls 0)',
  },
  'multipart-expiry': {
    kind: 'text',
    help: 'days without a new part after which an upload in parts goes from its bucket; 0 never (7)',
  },
  'audit-checkpoint': {
    kind: 'list',
    help: 'where the signed head of the audit trail goes: file:/path, syslog:udp|tcp://host:port, https://…; several times',
  },
  'audit-checkpoint-every': { kind: 'text', help: 'seconds between two checkpoints (300)' },
  'audit-retention': {
    kind: 'text',
    help: 'days after which records of the audit trail go, best 180 or more; 0 never (365)',
  },
  'oidc-issuers': {
    kind: 'text',
    help: 'file with the issuers whose tokens AssumeRoleWithOIDC takes (JSON list); none without it',
  },
  'tls-cert': {
    kind: 'text',
    help: 'certificate file (PEM); serves HTTPS together with --tls-key',
  },
  'tls-key': { kind: 'text', help: 'private key file (PEM)' },
  'insecure-http': { kind: 'flag', help: 'allow plain HTTP on an address that is not loopback' },
  'allow-network-fs': { kind: 'flag', help: 'allow a data directory on NFS, SMB and the like' },
  'test-controls': {
    kind: 'flag',
    help: 'open /_test/ (clock, faults, worlds, reset) to the loopback; only on a new --data, or one made so',
  },
  'test-controls-token': {
    kind: 'text',
    help: 'open /_test/ also to others that send this token (16 characters or more)',
  },
  seed: {
    kind: 'text',
    help: 'file with accounts and images (kindred seed) that a data directory for tests begins with',
  },
  'log-level': { kind: 'text', help: `${LOG_LEVELS.join(', ')} (info)` },
};
