// What the command of a run finds in its environment: the proxy, whom to trust, and keys that open nothing
// but this Kindred. What could lead to the cloud or hand real keys to a test is taken away.
import { delimiter } from 'node:path';
import type { Environment } from '../../client/settings.ts';
import type { KeyPair } from '../../client/sign.ts';
import { noProxyFor } from './no-proxy.ts';
import type { TrustFiles } from './trust.ts';

export interface Surroundings {
  proxyPort: number;
  trust: TrustFiles;
  key: KeyPair;
  /** Of Kindred: `http://127.0.0.1:41234`. */
  endpoint: string;
  /** Written for the clients that read a profile of the aliyun CLI. */
  configFile: string;
  isOffline: boolean;
}

/** Names by which clients find keys, roles, profiles and endpoints. */
const OF_THE_CLOUD =
  /^(?:ALIBABA_?CLOUD|ALICLOUD|ALIYUN)_.*(?:KEY|SECRET|TOKEN|ROLE|OIDC|PROFILE|ENDPOINT|CREDENTIAL|CONFIG|EXTERNAL_ID|URI)/;
const BARE = new Set(['ACCESS_KEY_ID', 'ACCESS_KEY_SECRET', 'SECURITY_TOKEN', 'ENDPOINT_TYPE']);
const REGION_NAMES = [
  'ALIBABA_CLOUD_REGION_ID',
  'ALIBABA_CLOUD_REGION',
  'ALICLOUD_REGION',
  'ALIBABACLOUD_REGION_ID',
] as const;
const DEFAULT_REGION = 'cn-hangzhou';

export const regionOf = (environment: Environment): string =>
  REGION_NAMES.map((name) => environment[name]).find(Boolean) ?? DEFAULT_REGION;

export const environmentOf = (given: Environment, around: Surroundings): Record<string, string> => {
  const { trust, key, endpoint, configFile, isOffline } = around;
  const proxy = `http://127.0.0.1:${around.proxyPort}`;
  const region = regionOf(given);
  const noProxy = noProxyFor(given.no_proxy || given.NO_PROXY, !isOffline);
  return {
    // Else Terraform's provider asks the cloud's billing at each start.
    ALIBABA_CLOUD_ACCOUNT_TYPE: 'Domestic',
    ...withoutCloud(given),
    ...bothCases({ http_proxy: proxy, https_proxy: proxy, all_proxy: proxy, no_proxy: noProxy }),
    // Go, OpenSSL and what is built on it; requests; curl; botocore; git; Ruby reads the first.
    SSL_CERT_FILE: trust.bundle,
    REQUESTS_CA_BUNDLE: trust.bundle,
    CURL_CA_BUNDLE: trust.bundle,
    AWS_CA_BUNDLE: trust.bundle,
    GIT_SSL_CAINFO: trust.bundle,
    ALIBABA_CLOUD_CA_BUNDLE: trust.bundle,
    NODE_EXTRA_CA_CERTS: trust.ca,
    NODE_USE_ENV_PROXY: '1',
    NODE_OPTIONS: join(' ', given.NODE_OPTIONS, `--require ${quoted(trust.nodePreload)}`),
    PYTHONPATH: join(delimiter, trust.pythonPath, given.PYTHONPATH),
    JAVA_TOOL_OPTIONS: join(' ', given.JAVA_TOOL_OPTIONS, javaOptions(around, noProxy)),
    ALIBABA_CLOUD_ACCESS_KEY_ID: key.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: key.accessKeySecret,
    ALIBABA_CLOUD_REGION_ID: region,
    ALIBABA_CLOUD_REGION: region,
    // Terraform, Packer.
    ALICLOUD_ACCESS_KEY: key.accessKeyId,
    ALICLOUD_SECRET_KEY: key.accessKeySecret,
    ALICLOUD_REGION: region,
    // Profiles of the user's home hold keys of the cloud.
    ALIBABA_CLOUD_CONFIG_FILE: configFile,
    ALICLOUD_SHARED_CREDENTIALS_FILE: configFile,
    ALIBABA_CLOUD_IGNORE_PROFILE: 'TRUE',
    ALIBABA_CLOUD_CLI_PROFILE_DISABLED: 'true',
    KINDRED_ENDPOINT: endpoint,
  };
};

/** A profile as the aliyun CLI keeps it. */
export const profileText = (key: KeyPair, region: string): string =>
  `${JSON.stringify(
    {
      current: 'default',
      profiles: [
        {
          name: 'default',
          mode: 'AK',
          access_key_id: key.accessKeyId,
          access_key_secret: key.accessKeySecret,
          region_id: region,
          output_format: 'json',
          language: 'en',
        },
      ],
    },
    null,
    2,
  )}\n`;

const withoutCloud = (given: Environment): Record<string, string> =>
  Object.fromEntries(
    Object.entries(given).filter(
      (entry): entry is [string, string] =>
        entry[1] !== undefined && !OF_THE_CLOUD.test(entry[0]) && !BARE.has(entry[0]),
    ),
  );

const bothCases = (names: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(names).flatMap(([name, value]) => [
      [name, value],
      [name.toUpperCase(), value],
    ]),
  );

const join = (between: string, ...texts: readonly (string | undefined)[]): string =>
  texts.filter((text) => text !== undefined && text !== '').join(between);

const quoted = (path: string): string => `"${path.replaceAll(/["\\]/g, String.raw`\$&`)}"`;

const javaOptions = ({ proxyPort, trust }: Surroundings, noProxy: string): string => {
  const direct = noProxy
    .split(',')
    .filter((entry) => /^[\w.-]+$/.test(entry))
    .map((entry) => entry.replace(/^\./, '*.'));
  return [
    ...['http', 'https'].flatMap((scheme) => [
      `-D${scheme}.proxyHost=127.0.0.1`,
      `-D${scheme}.proxyPort=${proxyPort}`,
    ]),
    `-Dhttp.nonProxyHosts=${direct.join('|')}`,
    `-Djavax.net.ssl.trustStore=${trust.javaStore}`,
    '-Djavax.net.ssl.trustStoreType=PKCS12',
  ].join(' ');
};
