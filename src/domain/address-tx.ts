// The store's verbs behind addresses that last: who may read a family, what was its head a moment ago,
// signatures, aliases. A part of ReadTx and Tx.
import type { Account } from './account.ts';
import type { FamilyReadToken, FormerHead, ImageSignature, SignatureType } from './address.ts';
import type { AccountId, ImageId } from './ids.ts';
import type { Image } from './image.ts';
import type { Counted, PageOf, Scope } from './tx.ts';

/** A family of an account in a region. */
export interface FamilyScope extends Scope {
  imageFamily: string;
}

export interface AddressReads {
  accountByAlias(accountAlias: string): Promise<Account | undefined>;
  isPublicFamily(family: FamilyScope): Promise<boolean>;
  familyReadToken(scope: Scope, tokenId: string): Promise<FamilyReadToken | undefined>;
  /** By what is stored of it, of any account. */
  familyReadTokenByHash(tokenHash: string): Promise<FamilyReadToken | undefined>;
  /** Oldest first; of one family or of all. */
  familyReadTokens(
    scope: Scope,
    imageFamily: string | undefined,
    page: PageOf,
  ): Promise<Counted<FamilyReadToken>>;
  /** The last ones first, at most `limit`; left at `sinceMs` or later. */
  formerHeads(family: FamilyScope, sinceMs: number, limit: number): Promise<FormerHead[]>;
  /** Families that named the image until `sinceMs` or later. */
  formerHeadsOfImage(imageId: string, sinceMs: number): Promise<FormerHead[]>;
  /** By id alone: who may read it is decided afterwards. */
  imageOfAnyone(imageId: string): Promise<Image | undefined>;
  /** In order of the type. */
  imageSignatures(imageId: ImageId): Promise<ImageSignature[]>;
}

export interface AddressWrites {
  setAccountAlias(accountId: AccountId, accountAlias: string | null): Promise<void>;
  setPublicFamily(family: FamilyScope, isPublic: boolean): Promise<void>;
  insertFamilyReadToken(token: FamilyReadToken & { tokenHash: string }): Promise<void>;
  deleteFamilyReadToken(tokenId: string): Promise<void>;
  setFamilyReadTokenUsed(tokenId: string, lastUsedMs: number): Promise<void>;
  /** Replaces an older row of the same image. */
  insertFormerHead(head: FormerHead): Promise<void>;
  deleteFormerHeads(family: FamilyScope, beforeMs: number): Promise<void>;
  /** Replaces an older one of the same type. */
  putImageSignature(scope: Scope, imageId: ImageId, signature: ImageSignature): Promise<void>;
  /** Whether there was one. */
  deleteImageSignature(imageId: ImageId, signatureType: SignatureType): Promise<boolean>;
}
