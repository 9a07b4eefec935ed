// The vendor's regions, and those that the operator adds. Data; LocalName in Chinese and English as
// the vendor shows it, the code is what its ids carry after the prefix (empty: no sample is known).
import { createHash } from 'node:crypto';
import type { RegionId } from './ids.ts';

type Row = readonly [id: string, code: string, zh: string, en: string, invitationOnly: boolean];

const VENDOR_REGIONS: readonly Row[] = [
  ['cn-qingdao', 'm5e', '华北1（青岛）', 'China (Qingdao)', false],
  ['cn-beijing', '2ze', '华北2（北京）', 'China (Beijing)', false],
  ['cn-zhangjiakou', '8vb', '华北3（张家口）', 'China (Zhangjiakou)', false],
  ['cn-huhehaote', 'hp3', '华北5（呼和浩特）', 'China (Hohhot)', false],
  ['cn-wulanchabu', '0jl', '华北6（乌兰察布）', 'China (Ulanqab)', false],
  ['cn-hangzhou', 'bp1', '华东1（杭州）', 'China (Hangzhou)', false],
  ['cn-shanghai', 'uf6', '华东2（上海）', 'China (Shanghai)', false],
  ['cn-nanjing', 'gc7', '华东5（南京-本地地域）', 'China (Nanjing - Local Region)', false],
  ['cn-fuzhou', '', '华东6（福州-本地地域）', 'China (Fuzhou - Local Region)', false],
  ['cn-wuhan-lr', '', '华中1（武汉-本地地域）', 'China (Wuhan - Local Region)', false],
  ['cn-shenzhen', 'wz9', '华南1（深圳）', 'China (Shenzhen)', false],
  ['cn-heyuan', 'f8z', '华南2（河源）', 'China (Heyuan)', false],
  ['cn-guangzhou', '7xv', '华南3（广州）', 'China (Guangzhou)', false],
  ['cn-chengdu', '2vc', '西南1（成都）', 'China (Chengdu)', false],
  ['cn-zhongwei', '', '西北2（中卫）', 'China (Zhongwei)', false],
  ['cn-zhengzhou-jva', '', '郑州（联通合营）', 'China (Zhengzhou)', false],
  ['cn-hongkong', 'j6c', '中国香港', 'China (Hong Kong)', false],
  ['ap-northeast-1', '6we', '日本（东京）', 'Japan (Tokyo)', false],
  ['ap-northeast-2', 'mj7', '韩国（首尔）', 'South Korea (Seoul)', false],
  ['ap-southeast-1', 't4n', '新加坡', 'Singapore', false],
  ['ap-southeast-2', 'p0w', '澳大利亚（悉尼）', 'Australia (Sydney)', false],
  ['ap-southeast-3', '8ps', '马来西亚（吉隆坡）', 'Malaysia (Kuala Lumpur)', false],
  ['ap-southeast-5', 'k1a', '印度尼西亚（雅加达）', 'Indonesia (Jakarta)', false],
  ['ap-southeast-6', '5ts', '菲律宾（马尼拉）', 'Philippines (Manila)', false],
  ['ap-southeast-7', '', '泰国（曼谷）', 'Thailand (Bangkok)', false],
  ['ap-southeast-8', '', '马来西亚（柔佛）', 'Malaysia (Johor)', false],
  ['ap-south-1', 'a2d', '印度（孟买）', 'India (Mumbai)', false],
  ['us-west-1', 'rj9', '美国（硅谷）', 'US (Silicon Valley)', false],
  ['us-east-1', '0xi', '美国（弗吉尼亚）', 'US (Virginia)', false],
  ['us-southeast-1', '', '美国（亚特兰大）', 'US (Atlanta)', false],
  ['na-south-1', '', '墨西哥', 'Mexico', false],
  ['eu-central-1', 'gw8', '德国（法兰克福）', 'Germany (Frankfurt)', false],
  ['eu-west-1', 'd7o', '英国（伦敦）', 'UK (London)', false],
  ['me-east-1', 'eb3', '阿联酋（迪拜）', 'UAE (Dubai)', false],
  ['me-central-1', 'l4v', '沙特（利雅得）', 'SAU (Riyadh - Partner Region)', false],
  ['cn-hangzhou-finance', '', '华东1 金融云', 'China East 1 Finance', true],
  ['cn-shanghai-finance-1', '', '华东2 金融云', 'China East 2 Finance', true],
  ['cn-shenzhen-finance-1', '', '华南1 金融云', 'China South 1 Finance', true],
  ['cn-beijing-finance-1', '', '华北2 金融云（邀测）', 'China North 2 Finance (preview)', true],
  ['cn-north-2-gov-1', '', '华北2 阿里政务云1', 'China North 2 Ali Gov 1', true],
  ['cn-heyuan-acdr-1', '', '河源专属云汽车合规', 'China (Heyuan) ACDR', true],
];

export interface Region {
  regionId: RegionId;
  /** Three characters of [0-9a-z] that ids of this region carry after their prefix. */
  code: string;
  localNameZh: string;
  localNameEn: string;
  /** Finance, government and dedicated regions: usable, but not listed by DescribeRegions. */
  invitationOnly: boolean;
}

/** Every region that this server serves, by id, in the vendor's order. */
export type Regions = ReadonlyMap<string, Region>;

const REGION_ID = /^[a-z][a-z0-9-]{1,62}[a-z0-9]$/;
export const isRegionId = (text: string): boolean => REGION_ID.test(text);

const inventedCode = (regionId: string): string =>
  BigInt(`0x${createHash('sha256').update(regionId).digest('hex').slice(0, 12)}`)
    .toString(36)
    .padStart(3, '0')
    .slice(-3);

/** The vendor's regions and then `added` (ids that are already there are not repeated). */
export const makeRegions = (added: readonly string[] = []): Regions => {
  const rows: Row[] = [...VENDOR_REGIONS, ...added.map((id): Row => [id, '', id, id, false])];
  const regions = new Map<string, Region>();
  for (const [id, code, localNameZh, localNameEn, invitationOnly] of rows) {
    if (regions.has(id)) continue;
    regions.set(id, {
      regionId: id as RegionId,
      code: code || inventedCode(id),
      localNameZh,
      localNameEn,
      invitationOnly,
    });
  }
  return regions;
};

/** `cn-hangzhou` → `cn-hangzhou-a`, `us-west-1` → `us-west-1a`: the vendor's two spellings. */
export const zonesOf = (region: Region): string[] => {
  const letters = ['a', 'b', 'c'];
  return /\d$/.test(region.regionId) && !region.regionId.startsWith('cn-')
    ? letters.map((letter) => `${region.regionId}${letter}`)
    : letters.map((letter) => `${region.regionId}-${letter}`);
};
