import type { OsType } from '../../../domain/image.ts';

const LINUX = [
  'Aliyun',
  'Anolis',
  'CentOS',
  'Ubuntu',
  'CoreOS',
  'SUSE',
  'Debian',
  'OpenSUSE',
  'FreeBSD',
  'RedHat',
  'Kylin',
  'UOS',
  'Fedora',
  'Fedora CoreOS',
  'CentOS Stream',
  'AlmaLinux',
  'Rocky Linux',
  'Gentoo',
  'Customized Linux',
  'Others Linux',
] as const;

const WINDOWS = [
  'Windows Server 2022',
  'Windows Server 2019',
  'Windows Server 2016',
  'Windows Server 2012',
  'Windows Server 2008',
  'Windows Server 2003',
] as const;

/** Values of `Platform`, as CreateImage takes them and as answers spell them. */
export const PLATFORMS = [...LINUX, ...WINDOWS] as const;

/** ImportImage takes one more. */
export const IMPORT_PLATFORMS = [...PLATFORMS, 'Other Windows'] as const;

/** What is assumed of an import that names no platform. */
export const DEFAULT_PLATFORM = { linux: 'Others Linux', windows: 'Other Windows' } as const;

/** FreeBSD counts as Linux, as in the vendor's list. */
export const osTypeOf = (platform: string): OsType =>
  platform.includes('Windows') ? 'windows' : 'linux';

/**
 * Whether an image is shown as fit for cloud-init. Nobody looks into the guest's file system, so this
 * is what can be said of the platform alone: not Windows, not a Linux that declares itself customized.
 */
export const supportsCloudinit = (platform: string): boolean =>
  osTypeOf(platform) === 'linux' && platform !== 'Customized Linux';
