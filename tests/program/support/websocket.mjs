// SPDX-License-Identifier: MIT
// A WebSocket client for subprotocol `sip` (RFC 6455, RFC 7118), as small as a test needs it: whole text frames below 64 KiB.
import crypto from 'node:crypto';
import net from 'node:net';

export class SipSocket {
  /** Open, with the upgrade done; `onMessage` gets each text. */
  static async open(uri, onMessage) {
    const self = new SipSocket();
    const { hostname, port } = new URL(uri);
    self.onMessage = onMessage;
    self.bytes = Buffer.alloc(0);
    self.socket = net.connect(Number(port), hostname);
    await new Promise((resolve, reject) => {
      self.socket.once('error', reject);
      self.socket.on('data', (bytes) => {
        self.bytes = Buffer.concat([self.bytes, bytes]);
        if (!self.isOpen && !self.upgraded()) return;
        resolve();
        self.readFrames();
      });
      self.socket.write(['GET / HTTP/1.1', `Host: ${hostname}:${port}`, 'Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13',
        `Sec-WebSocket-Key: ${crypto.randomBytes(16).toString('base64')}`, 'Sec-WebSocket-Protocol: sip', '', ''].join('\r\n'));
    });
    return self;
  }

  upgraded() {
    const end = this.bytes.indexOf('\r\n\r\n');
    if (end < 0) return false;
    const head = this.bytes.subarray(0, end).toString();
    if (!head.startsWith('HTTP/1.1 101')) this.socket.destroy(new Error(head));
    this.bytes = this.bytes.subarray(end + 4);
    this.isOpen = true;
    return true;
  }

  readFrames() {
    while (this.bytes.length >= 2) {
      const isLong = (this.bytes[1] & 0x7f) === 126;
      const head = isLong ? 4 : 2;
      if (this.bytes.length < head) return;
      const length = isLong ? this.bytes.readUInt16BE(2) : this.bytes[1] & 0x7f;
      if (this.bytes.length < head + length) return;
      if ((this.bytes[0] & 0x0f) <= 2) this.onMessage(this.bytes.subarray(head, head + length).toString());
      this.bytes = this.bytes.subarray(head + length);
    }
  }

  send(text) {
    const body = Buffer.from(text);
    const key = crypto.randomBytes(4);
    const head = Buffer.from([0x81, 0x80 | 126, body.length >> 8, body.length & 0xff]);
    this.socket.write(Buffer.concat([head, key, body.map((octet, i) => octet ^ key[i % 4])]));
  }

  close() { this.socket.destroy(); }
}
