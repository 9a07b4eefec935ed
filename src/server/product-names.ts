import type { Product } from '../operation.ts';

/** As the vendor writes them, in answers and in records. */
export const PRODUCT_NAMES: Readonly<Record<Product, string>> = {
  ecs: 'Ecs',
  sts: 'Sts',
  vpc: 'Vpc',
  location: 'Location',
  ram: 'Ram',
  resourcemanager: 'ResourceManager',
  kindred: 'Kindred',
};
