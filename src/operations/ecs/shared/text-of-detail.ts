import type { Resource } from '../../../domain/resource.ts';

const valueOf = (resource: Resource, name: string): unknown =>
  Object.entries(resource.detail).find(([key]) => key === name)?.[1];

/** A text in the part of a record whose shape another kind owns; empty when there is none. */
export const textOfDetail = (resource: Resource, name: string): string => {
  const value = valueOf(resource, name);
  return typeof value === 'string' ? value : '';
};

/** A whole number in such a part, or in a text of it; 0 when there is none. */
export const numberOfDetail = (resource: Resource, name: string): number => {
  const value = Number(valueOf(resource, name));
  return Number.isSafeInteger(value) ? value : 0;
};
