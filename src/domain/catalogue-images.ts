// The public images that a server has unless its operator gives a list of his own. Names in the
// vendor's form; the families are the ones that clients ask for. Metadata only.
import type { CatalogueEntry } from './catalogue.ts';

const GIB_LINUX = 20;
const GIB_WINDOWS = 40;

type Row = readonly [
  imageId: string,
  imageFamily: string,
  creationTime: string,
  platform: string,
  name: string,
];

const LINUX: readonly Row[] = [
  [
    'aliyun_4_x64_20G_alibase_20260918.vhd',
    'acs:alibaba_cloud_linux_4_lts_x64',
    '2026-09-18T03:12:40Z',
    'Aliyun',
    'Alibaba Cloud Linux  4 LTS',
  ],
  [
    'aliyun_3_x64_20G_alibase_20260915.vhd',
    'acs:alibaba_cloud_linux_3_2104_lts_x64',
    '2026-09-15T03:21:05Z',
    'Aliyun',
    'Alibaba Cloud Linux  3.2104 LTS',
  ],
  [
    'aliyun_3_arm64_20G_alibase_20260915.vhd',
    'acs:alibaba_cloud_linux_3_2104_lts_arm64',
    '2026-09-15T03:21:04Z',
    'Aliyun',
    'Alibaba Cloud Linux  3.2104 LTS',
  ],
  [
    'aliyun_3_x64_20G_container_optimized_alibase_20260820.vhd',
    'acs:alibaba_cloud_linux_3_2104_x64_container_optimized',
    '2026-08-20T06:40:11Z',
    'Aliyun',
    'Alibaba Cloud Linux  3.2104 LTS Container Optimized',
  ],
  [
    'ubuntu_24_04_x64_20G_alibase_20261001.vhd',
    'acs:ubuntu_24_04_x64',
    '2026-10-01T02:02:31Z',
    'Ubuntu',
    'Ubuntu  24.04',
  ],
  [
    'ubuntu_22_04_x64_20G_alibase_20261001.vhd',
    'acs:ubuntu_22_04_x64',
    '2026-10-01T02:02:30Z',
    'Ubuntu',
    'Ubuntu  22.04',
  ],
  [
    'ubuntu_20_04_x64_20G_alibase_20260422.vhd',
    'acs:ubuntu_20_04_x64',
    '2026-04-22T05:17:59Z',
    'Ubuntu',
    'Ubuntu  20.04',
  ],
  [
    'debian_12_x64_20G_alibase_20260910.vhd',
    'acs:debian_12_x64',
    '2026-09-10T04:33:18Z',
    'Debian',
    'Debian  12',
  ],
  [
    'centos_7_9_x64_20G_alibase_20240628.vhd',
    'acs:centos_7_9_x64',
    '2024-06-28T08:50:07Z',
    'CentOS',
    'CentOS  7.9',
  ],
  [
    'rocky_linux_9_7_x64_20G_alibase_20260903.vhd',
    'acs:rocky_linux_9_7_x64',
    '2026-09-03T07:05:44Z',
    'Rocky Linux',
    'Rocky Linux  9.7',
  ],
  [
    'almalinux_9_7_x64_20G_alibase_20260903.vhd',
    'acs:almalinux_9_7_x64',
    '2026-09-03T07:05:43Z',
    'AlmaLinux',
    'AlmaLinux  9.7',
  ],
  [
    'anolisos_8_10_x64_20G_anck_alibase_20260827.vhd',
    'acs:anolis_8_10_anck_x64',
    '2026-08-27T01:29:36Z',
    'Anolis',
    'Anolis OS  8.10 ANCK',
  ],
  [
    'opensuse_15_6_x64_20G_alibase_20260716.vhd',
    'acs:opensuse_15_6_x64',
    '2026-07-16T09:14:22Z',
    'OpenSUSE',
    'openSUSE  15.6',
  ],
  [
    'freebsd_14_1_x64_20G_alibase_20260611.vhd',
    'acs:freebsd_14_1_x64',
    '2026-06-11T03:48:50Z',
    'FreeBSD',
    'FreeBSD  14.1',
  ],
];

const WINDOWS: readonly Row[] = [
  [
    'win2022_21H2_x64_dtc_zh-cn_40G_alibase_20260920.vhd',
    'acs:windows_server_2022_x64_zh_cn',
    '2026-09-20T10:00:12Z',
    'Windows Server 2022',
    'Windows Server  2022',
  ],
  [
    'win2019_1809_x64_dtc_zh-cn_40G_alibase_20260920.vhd',
    'acs:windows_server_2019_x64_zh_cn',
    '2026-09-20T10:00:11Z',
    'Windows Server 2019',
    'Windows Server  2019',
  ],
];

const isArm = (imageId: string): boolean => imageId.includes('_arm64_');

const linux = ([ImageId, ImageFamily, CreationTime, Platform, name]: Row): CatalogueEntry => ({
  ImageId,
  ImageFamily,
  CreationTime,
  OSType: 'linux',
  Platform,
  OSName: `${name} 64位${isArm(ImageId) ? ' ARM版' : ''}`,
  OSNameEn: `${name} 64 bit${isArm(ImageId) ? ' for ARM' : ''}`,
  Architecture: isArm(ImageId) ? 'arm64' : 'x86_64',
  Size: GIB_LINUX,
});

const windows = ([ImageId, ImageFamily, CreationTime, Platform, name]: Row): CatalogueEntry => ({
  ImageId,
  ImageFamily,
  CreationTime,
  OSType: 'windows',
  Platform,
  OSName: `${name} 数据中心版 64位中文版`,
  OSNameEn: `${name} Datacenter Edition 64bit Chinese Edition`,
  Architecture: 'x86_64',
  Size: GIB_WINDOWS,
});

export const CATALOGUE_IMAGES: readonly CatalogueEntry[] = [
  ...LINUX.map(linux),
  ...WINDOWS.map(windows),
];
