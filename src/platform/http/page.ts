import type { FastifyReply } from 'fastify';

/** HTML for people, and what it may load as a Content-Security-Policy. */
export interface Page {
  readonly html: string;
  readonly policy: string;
}

/** Answers with a page, which is fresh each time. */
export function sendPage(reply: FastifyReply, { html, policy }: Page): FastifyReply {
  return reply
    .type('text/html; charset=utf-8')
    .headers({ 'content-security-policy': policy, 'cache-control': 'no-store' })
    .send(html);
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text as HTML shows it, also inside of a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
