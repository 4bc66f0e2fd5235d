/** The items of a page, without their cursors. */
export function nodesOf<Node>({ edges }: { readonly edges: readonly { readonly node: Node }[] }): Node[] {
  return edges.map(({ node }) => node);
}
