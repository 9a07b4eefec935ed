// The CA of one run and its certificates for the cloud's hosts. The CA's key stays in memory: nothing that
// could be stolen is written down. It may sign for the vendor's domains alone, and ends within days.
import { issue, makeAuthority, type KeyedCertificate } from '../tls/authority.ts';
import { CLOUD_DOMAINS, METADATA_ADDRESS } from './cloud-host.ts';

/** A run that goes on for longer has to be started anew. */
const DAYS = 2;

export interface Leaves {
  /** PEM. */
  readonly caCertificate: string;
  /** Made at the first call for a host, and kept. */
  leafOf(host: string): Promise<KeyedCertificate>;
}

export const makeLeaves = async (nowMs: number): Promise<Leaves> => {
  const authority = await makeAuthority([...CLOUD_DOMAINS, METADATA_ADDRESS], DAYS, nowMs);
  return {
    caCertificate: authority.certificate,
    leafOf: (host) => issue(authority, [host], DAYS, nowMs),
  };
};
