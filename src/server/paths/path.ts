import type { FastifyInstance } from 'fastify';
import type { Kindred } from '../compose.ts';

/** What the paths beside `/` answer from. */
export interface PathContext {
  kindred: Kindred;
  /** Whether the server is stopping. */
  isDraining(): boolean;
}

/** Registers the routes of one family of paths. */
export type Path = (app: FastifyInstance, context: PathContext) => void;
