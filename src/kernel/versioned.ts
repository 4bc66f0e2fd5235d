import type { z } from 'zod';

/** Brings data of one version of a shape to the next. */
export type Upgrade = (data: unknown) => unknown;

/** A shape of stored data that may change while data of its earlier versions are still stored. */
export interface VersionedShape<Data> {
  /** What data are stored as today. */
  readonly version: number;
  /** Data that were stored as `version`, in today's shape. */
  read(stored: unknown, version: number): Data;
}

/** A shape and what brings stored data to it: the first of `upgrades` from version 1 to 2, and so on. */
export function versionedShape<Shape extends z.ZodType>(
  shape: Shape,
  upgrades: readonly Upgrade[],
): VersionedShape<z.output<Shape>> {
  return {
    version: upgrades.length + 1,
    read: (stored, version) =>
      shape.parse(upgrades.slice(version - 1).reduce((given, upgrade) => upgrade(given), stored)),
  };
}
