// The operator's list of issuers of OIDC tokens (`--oidc-issuers FILE`): a JSON list of objects with
// name, issuer, audiences and jwks, which is the path of a file or the URL of the issuer's keys. Only
// what stands here is ever asked: no token and no caller names an address.
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { OidcIssuer } from '../../domain/oidc.ts';
import { StartRefused } from '../refusal.ts';

/** `jwks`: an absolute path, or an address. */
export interface ListedIssuer extends OidcIssuer {
  jwks: string;
}

const MAX_ISSUERS = 50;
const MAX_AUDIENCES = 20;
const KEYS = ['name', 'issuer', 'audiences', 'jwks'];

/** @throws StartRefused */
export const openIssuers = (file: string | undefined): ListedIssuer[] => {
  if (file === undefined) return [];
  let list: unknown;
  try {
    list = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const { code = 'not JSON' } = error as NodeJS.ErrnoException;
    throw new StartRefused(`--oidc-issuers: the file ${file} cannot be read (${code})`);
  }
  if (!Array.isArray(list) || list.length > MAX_ISSUERS)
    throw new StartRefused(`--oidc-issuers: ${file} must hold a list of at most ${MAX_ISSUERS}`);
  const issuers = list.map((entry: unknown, i) => readIssuer(entry, i, file));
  if (new Set(issuers.map(({ name }) => name)).size < issuers.length)
    throw new StartRefused(`--oidc-issuers: ${file} has two issuers of the same name`);
  return issuers;
};

const readIssuer = (entry: unknown, i: number, file: string): ListedIssuer => {
  const refuse = (what: string) =>
    new StartRefused(`--oidc-issuers: ${file}, entry ${i + 1}: ${what}`);
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry))
    throw refuse('it must be an object');
  const members = entry as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(members).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) throw refuse(`the unknown key ${unknown}`);
  const { name, issuer, audiences, jwks } = members;
  if (typeof name !== 'string' || !/^[\w.-]{1,128}$/.test(name))
    throw refuse('name must have 1 to 128 letters, digits, ".", "-" and "_"');
  if (typeof issuer !== 'string' || !/^https?:\/\/\S+$/.test(issuer))
    throw refuse('issuer must be a URL, as the claim iss has it');
  if (!isTextList(audiences) || audiences.length === 0 || audiences.length > MAX_AUDIENCES)
    throw refuse(`audiences must be a list of 1 to ${MAX_AUDIENCES} texts`);
  if (typeof jwks !== 'string' || jwks === '')
    throw refuse('jwks must be the path or the URL of the keys');
  return { name, issuer, audiences, jwks: placeOfKeys(jwks, file, refuse) };
};

const isTextList = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string' && one !== '');

/** A path is meant from where the list lies. */
const placeOfKeys = (
  jwks: string,
  file: string,
  refuse: (what: string) => StartRefused,
): string => {
  if (!/^[a-z]+:\/\//i.test(jwks)) return resolve(dirname(file), jwks);
  const url = URL.canParse(jwks) ? new URL(jwks) : undefined;
  const isLocal = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url?.hostname ?? '');
  if (url?.protocol !== 'https:' && !(url?.protocol === 'http:' && isLocal))
    throw refuse('jwks must be an https URL (http on this machine only) or a path');
  return jwks;
};
