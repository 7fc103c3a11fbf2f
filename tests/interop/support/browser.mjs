// SPDX-License-Identifier: MIT
// A headless Chromium whose pages hold one SIP.js SimpleUser each. The microphone is an oscillator; what is heard is measured.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { bundle } from './bundle.mjs';
import { within } from './process.mjs';

const modules = fileURLToPath(new URL('../node_modules', import.meta.url));
const origin = 'http://localhost:9';  // a secure context; every request is answered here, nothing listens there

/** Runs in the page: the tone as microphone, and ears. */
function prepare(toneHz) {
  const context = new AudioContext({ sampleRate: 48_000 });
  navigator.mediaDevices.getUserMedia = async () => {
    await context.resume();
    const oscillator = new OscillatorNode(context, { frequency: toneHz });
    const destination = new MediaStreamAudioDestinationNode(context);
    oscillator.connect(new GainNode(context, { gain: 0.5 })).connect(destination);
    oscillator.start();
    return destination.stream;
  };
  // Chromium decodes a remote track only while an element plays it.
  window.listenTo = (stream) => {
    window.ear?.source.disconnect();
    const source = new MediaStreamAudioSourceNode(context, { mediaStream: stream });
    const analyser = new AnalyserNode(context, { fftSize: 16_384, smoothingTimeConstant: 0 });
    source.connect(analyser);
    window.ear = { source, analyser };
  };
  window.hear = () => {
    if (!window.ear) return { hz: 0, db: -200 };
    const { analyser } = window.ear;
    const bins = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(bins);
    let best = 1;
    for (let i = 2; i < bins.length; ++i) if (bins[i] > bins[best]) best = i;
    return { hz: (best * 48_000) / analyser.fftSize, db: Number.isFinite(bins[best]) ? bins[best] : -200 };
  };
}

/** Runs in the page: a SimpleUser that reports what happens by window.report(name, detail). */
async function createUser({ server, aor, user, password }) {
  const { SimpleUser } = await import('/sip.js/lib/platform/web/index.js');
  const audio = document.querySelector('audio');
  const say = (name) => (...detail) => window.report(name, detail.map(String));
  const heard = (name) => () => {
    if (window.user.remoteMediaStream) window.listenTo(window.user.remoteMediaStream);
    window.report(name, []);
  };
  window.user = new SimpleUser(server, {
    aor,
    delegate: {
      onServerConnect: say('server_connect'), onServerDisconnect: say('server_disconnect'),
      onRegistered: say('registered'), onUnregistered: say('unregistered'),
      onCallCreated: say('call_created'), onCallReceived: say('call_received'), onCallAnswered: heard('call_answered'),
      onCallHangup: say('call_hangup'), onCallHold: (held) => window.report('call_hold', [String(held)]),
      onCallDTMFReceived: say('call_dtmf_received'), onMessageReceived: say('message_received'),
    },
    media: { constraints: { audio: true, video: false }, remote: { audio } },
    userAgentOptions: {
      authorizationUsername: user, authorizationPassword: password, logBuiltinEnabled: false,
      sessionDescriptionHandlerFactoryOptions: { peerConnectionConfiguration: { iceServers: [] } },
    },
  });
}

/** Runs in the page: a JsSIP user agent with the verbs and events of createUser(). */
function createJsSipUser({ server, aor, user, password }) {
  const { UA, WebSocketInterface } = window.JsSIP;
  const options = { mediaConstraints: { audio: true, video: false }, pcConfig: { iceServers: [] } };
  const report = (name, ...detail) => window.report(name, detail.map(String));
  const agent = new UA({ sockets: [new WebSocketInterface(server)], uri: aor, authorization_user: user, password, session_timers: false });
  let session;
  agent.on('registered', () => report('registered'));
  agent.on('newRTCSession', (event) => {
    session = event.session;
    session.on('icecandidate', ({ ready }) => ready());  // or it waits for the browser's whole gathering
    session.on('confirmed', () => {
      const stream = new MediaStream(session.connection.getReceivers().map((receiver) => receiver.track));
      document.querySelector('audio').srcObject = stream;
      window.listenTo(stream);
      report('call_answered');
    });
    for (const end of ['ended', 'failed']) session.on(end, ({ cause }) => report('call_hangup', cause));
    session.on('hold', ({ originator }) => report(originator === 'remote' ? 'remote_hold' : 'call_hold', true));
    session.on('unhold', ({ originator }) => report(originator === 'remote' ? 'remote_hold' : 'call_hold', false));
    session.on('newDTMF', ({ originator, dtmf }) => originator === 'remote' && report('call_dtmf_received', dtmf.tone));
    if (event.originator === 'remote') report('call_received');
  });
  window.user = {
    start: () => agent.start(), call: (target) => void agent.call(target, options), answer: () => session.answer(options),
    hold: () => void session.hold(), unhold: () => void session.unhold(), sendDTMF: (tone) => session.sendDTMF(tone), hangup: () => session.terminate(),
  };
}

export class Browser {
  static async start() {
    const self = new Browser();
    self.chromium = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
        '--disable-sync', '--allow-loopback-in-peer-connection', '--autoplay-policy=no-user-gesture-required',
        '--disable-features=WebRtcHideLocalIpsWithMdns,LocalNetworkAccessChecks'],
    });
    return self;
  }

  /** A page with a SIP.js SimpleUser that sends a tone of `toneHz`. */
  async user({ toneHz, ...account }) {
    const self = await this.page(toneHz);
    await self.page.evaluate(createUser, account);
    return self;
  }

  /** A page with a JsSIP user agent behind the same verbs (start, call, answer, hold, unhold, sendDTMF, hangup) and events. */
  async jssipUser({ toneHz, ...account }) {
    const self = await this.page(toneHz);
    await self.page.addScriptTag({ content: bundle('jssip', 'JsSIP') });
    await self.page.evaluate(createJsSipUser, account);
    return self;
  }

  /** An empty page whose microphone is a tone. */
  async page(toneHz) {
    const context = await this.chromium.newContext({ ignoreHTTPSErrors: true });
    const page = await context.newPage();
    await page.route(`${origin}/**`, (route) => {
      const file = new URL(route.request().url()).pathname;
      if (file === '/') return route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>parley</title><audio autoplay></audio>' });
      return route.fulfill({ contentType: 'text/javascript', body: fs.readFileSync(path.join(modules, path.normalize(file))) });
    });
    const self = new BrowserUser(page);
    await page.exposeFunction('report', (name, detail) => self.note(name, detail));
    await page.goto(`${origin}/`);
    await page.evaluate(prepare, toneHz);
    return self;
  }

  async stop() { await this.chromium.close(); }
}

export class BrowserUser {
  constructor(page) { this.page = page; this.events = []; this.waiting = []; page.on('pageerror', (error) => this.note('page_error', [String(error)])); }

  note(name, detail) {
    const event = { event: name, detail };
    this.events.push(event);
    this.waiting = this.waiting.filter((each) => !each(event));
  }

  /** The next event of that name that nobody waited for yet. */
  event(name, limit = 10_000) {
    const index = this.events.findIndex((each) => each.event === name && !each.taken);
    if (index >= 0) { this.events[index].taken = true; return Promise.resolve(this.events[index]); }
    return within(limit, `browser: ${name} (so far ${this.events.map((each) => each.event).join(' ')})`, new Promise((resolve) => {
      this.waiting.push((event) => event.event === name && !event.taken && ((event.taken = true), resolve(event), true));
    }));
  }

  /** Calls a verb of the SimpleUser. */
  call(verb, ...args) { return this.page.evaluate(([name, list]) => window.user[name](...list), [verb, args]); }

  hear() { return this.page.evaluate(() => window.hear()); }

  /** Waits until the tone (or, with 0, silence) is what the page hears. */
  async hears(hz, limit = 8_000) {
    const end = Date.now() + limit;
    let heard;
    do {
      heard = await this.hear();
      if (hz === 0 ? heard.db < -85 : Math.abs(heard.hz - hz) < 15 && heard.db > -60) return heard;
      await new Promise((resolve) => setTimeout(resolve, 50));
    } while (Date.now() < end);
    throw new Error(`browser hears ${heard.hz.toFixed(0)} Hz at ${heard.db.toFixed(0)} dB, not ${hz} Hz`);
  }

  /** The browser's window into its WebSocket: closes it as a network fault would. */
  async close() { await this.page.context().close(); }
}
