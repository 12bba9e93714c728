// Serves the page as a static host does, and remembers what it was asked for.
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { PAGE } from './places.mjs';

const TYPES = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
};
export const FILES = ['index.html', 'sw.js', 'manifest.webmanifest', 'icon-192.png', 'icon-512.png', 'SHA256SUMS'];

export class Server {
  /** @param {string} [address] where to listen: only this computer, or '0.0.0.0' */
  static async start(address = '127.0.0.1') {
    const own = new Server();
    /** @type {string[]} */
    own.requests = [];
    /** Files instead of the page's own. @type {Record<string, Buffer | string>} */
    own.instead = {};
    own.up = true;
    own.server = http.createServer((request, response) => own.answer(request, response));
    await new Promise((resolve) => own.server.listen(0, address, () => resolve(null)));
    own.port = /** @type {import('node:net').AddressInfo} */ (own.server.address()).port;
    own.url = `http://localhost:${own.port}/`;
    return own;
  }

  /** @param {http.IncomingMessage} request @param {http.ServerResponse} response */
  answer(request, response) {
    if (!this.up) return request.socket.destroy();
    this.requests.push(request.url);
    const name = request.url.split('?')[0].slice(1) || 'index.html';
    const instead = this.instead[name];
    if (instead === undefined && !FILES.includes(name)) {
      response.writeHead(404);
      return response.end();
    }
    response.writeHead(200, { 'content-type': TYPES[path.extname(name)] ?? 'text/plain', 'cache-control': 'no-cache' });
    response.end(instead ?? fs.readFileSync(path.join(PAGE, name)));
  }

  /** As if the network were gone. */
  off() {
    this.up = false;
    this.server.closeAllConnections();
  }

  async end() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** An address of this computer that others reach, if it has one. */
export function lanAddress() {
  const all = Object.values(os.networkInterfaces()).flat();
  return all.find((one) => one.family === 'IPv4' && !one.internal)?.address ?? null;
}
