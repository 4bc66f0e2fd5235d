/** What a person may do besides using the product. No token says it: it is looked up whenever it matters. */
export enum UserRole {
  USER = 'USER',
  /** May do what `requireOperator` guards. */
  OPERATOR = 'OPERATOR',
}
