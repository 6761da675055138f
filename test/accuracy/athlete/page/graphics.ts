/** The few WebGL calls the stage needs, each failing loudly. */
export type Gl = WebGL2RenderingContext;

export interface Program {
  /** Draws from now on go through this program. */
  activate(): void;
  /** Location by name; null (ignored by WebGL) for a uniform that the shader does not use. */
  at(name: string): WebGLUniformLocation | null;
}

export function createProgram(gl: Gl, vertex: string, fragment: string): Program {
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, vertex],
    [gl.FRAGMENT_SHADER, fragment],
  ] as const) {
    const shader = gl.createShader(type);
    if (!shader) throw new Error('WebGL gave no shader');
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) throw new Error(gl.getShaderInfoLog(shader) ?? 'shader');
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(program) ?? 'program');
  const known = new Map<string, WebGLUniformLocation | null>();
  return {
    activate() {
      // biome-ignore lint/correctness/useHookAtTopLevel: WebGL's call only looks like a hook.
      gl.useProgram(program);
    },
    at(name) {
      const found = known.get(name);
      if (found !== undefined) return found;
      const location = gl.getUniformLocation(program, name);
      known.set(name, location);
      return location;
    },
  };
}

export interface Target {
  readonly framebuffer: WebGLFramebuffer;
  readonly textures: readonly WebGLTexture[];
  close(): void;
}

/** Colour textures of the given formats, with a depth buffer where asked. */
export function createTarget(
  gl: Gl,
  width: number,
  height: number,
  formats: readonly number[],
  depth: boolean,
): Target {
  const framebuffer = gl.createFramebuffer();
  gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
  const textures = formats.map((format, index) => {
    const texture = createTexture(gl, width, height, format);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0 + index, gl.TEXTURE_2D, texture, 0);
    return texture;
  });
  gl.drawBuffers(formats.map((_, index) => gl.COLOR_ATTACHMENT0 + index));
  const buffer = depth ? gl.createRenderbuffer() : undefined;
  if (buffer) {
    gl.bindRenderbuffer(gl.RENDERBUFFER, buffer);
    gl.renderbufferStorage(gl.RENDERBUFFER, gl.DEPTH_COMPONENT24, width, height);
    gl.framebufferRenderbuffer(gl.FRAMEBUFFER, gl.DEPTH_ATTACHMENT, gl.RENDERBUFFER, buffer);
  }
  assertComplete(gl);
  return {
    framebuffer,
    textures,
    close() {
      for (const texture of textures) gl.deleteTexture(texture);
      if (buffer) gl.deleteRenderbuffer(buffer);
      gl.deleteFramebuffer(framebuffer);
    },
  };
}

export function createShadowTarget(gl: Gl, size: number): Target {
  const framebuffer = gl.createFramebuffer();
  gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
  const texture = createTexture(gl, size, size, gl.DEPTH_COMPONENT24);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_COMPARE_MODE, gl.COMPARE_REF_TO_TEXTURE);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.LINEAR);
  gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.DEPTH_ATTACHMENT, gl.TEXTURE_2D, texture, 0);
  gl.drawBuffers([gl.NONE]);
  assertComplete(gl);
  return {
    framebuffer,
    textures: [texture],
    close() {
      gl.deleteTexture(texture);
      gl.deleteFramebuffer(framebuffer);
    },
  };
}

function createTexture(gl: Gl, width: number, height: number, format: number): WebGLTexture {
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texStorage2D(gl.TEXTURE_2D, 1, format, width, height);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
  return texture;
}

function assertComplete(gl: Gl): void {
  const status = gl.checkFramebufferStatus(gl.FRAMEBUFFER);
  if (status !== gl.FRAMEBUFFER_COMPLETE) throw new Error(`Framebuffer incomplete: ${status}`);
}

export function bindTexture(
  gl: Gl,
  program: Program,
  name: string,
  unit: number,
  texture: WebGLTexture | undefined,
): void {
  gl.activeTexture(gl.TEXTURE0 + unit);
  gl.bindTexture(gl.TEXTURE_2D, texture ?? null);
  gl.uniform1i(program.at(name), unit);
}

export interface Drawable {
  readonly array: WebGLVertexArrayObject;
  readonly indexCount: number;
}

/** A surface at rest and how bones carry it: see `SurfaceMesh` and `SkinWeights`. */
export interface DrawableData {
  readonly positions: Float32Array;
  readonly normals: Float32Array;
  readonly triangles: Uint32Array;
  readonly bones: Uint8Array;
  readonly weights: Float32Array;
}
