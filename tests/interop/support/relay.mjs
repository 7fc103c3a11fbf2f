// SPDX-License-Identifier: MIT
// A TCP relay on the loopback that can be cut: the network fault between a phone and its server.
import net from 'node:net';

export class Relay {
  static async start(targetPort) {
    const self = new Relay();
    self.sockets = new Set();
    self.cut = false;
    self.server = net.createServer((near) => {
      if (self.cut) return near.resetAndDestroy();
      const far = net.connect(targetPort, '127.0.0.1');
      for (const [from, to] of [[near, far], [far, near]]) {
        self.sockets.add(from);
        from.on('data', (bytes) => to.write(bytes)).on('error', () => {}).on('close', () => { self.sockets.delete(from); to.destroy(); });
      }
    });
    await new Promise((resolve) => self.server.listen(0, '127.0.0.1', resolve));
    self.port = self.server.address().port;
    return self;
  }

  /** Resets every connection, and every new one until mend(). */
  break() {
    this.cut = true;
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  mend() { this.cut = false; }

  stop() {
    this.break();
    return new Promise((resolve) => this.server.close(resolve));
  }
}
