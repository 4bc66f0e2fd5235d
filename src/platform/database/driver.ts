import { type Configuration, PostgreSqlDriver, PostgreSqlPlatform } from '@mikro-orm/postgresql';

/**
 * MikroORM quotes only some elements of an array: it writes the text `null` as `{null}`, which PostgreSQL reads as an
 * element without a value.
 * @see https://www.postgresql.org/docs/18/arrays.html#ARRAYS-IO
 */
class Platform extends PostgreSqlPlatform {
  override marshallArray(values: string[]): string {
    return `{${values.map((value) => `"${value.replaceAll(/["\\]/g, '\\$&')}"`).join(',')}}`;
  }
}

/** MikroORM's driver for PostgreSQL, with arrays of any texts. */
export class Driver extends PostgreSqlDriver {
  protected override readonly platform: PostgreSqlPlatform;

  constructor(config: Configuration) {
    super(config);
    this.platform = new Platform();
  }
}
