import { LRUCache } from 'lru-cache';

/**
 * What was used recently, of so many keys at most: the one that was not used for longest is forgotten. It grows with what
 * is in it; with `max` the cache would make room for all of it at once, some 5 ms and half a megabyte of 20,000 keys.
 */
export function recentlyUsed<Value extends object | string | true>(maxKeys: number): LRUCache<string, Value> {
  return new LRUCache({ maxSize: maxKeys, sizeCalculation: () => 1 });
}
