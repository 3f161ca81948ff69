// Browsers run no workers for pages opened as files: there, the search works in a hidden frame.
if (location.protocol === "file:") {
  window.IFrameWorker = true // tells the search where to look for its parts
  window.Worker = class extends EventTarget {
    constructor(url) {
      super()
      const frame = document.createElement("iframe")
      frame.hidden = true
      document.body.append(frame)
      this.scope = frame.contentWindow
      this.scope.postMessage = data =>
        this.dispatchEvent(new MessageEvent("message", { data }))
      const script = this.scope.document.createElement("script")
      script.src = new URL(url, location)
      this.loaded = new Promise(done => (script.onload = done))
      this.scope.document.body.append(script)
    }
    async postMessage(data) {
      await this.loaded
      this.scope.dispatchEvent(new MessageEvent("message", { data }))
    }
  }
}
