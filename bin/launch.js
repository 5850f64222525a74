// What both executables do first. Plain old JavaScript: an old Node must get as far as the sentence about its version.
var needed = [22, 22, 2];

function tooOld() {
  var have = process.versions.node.split('.').map(Number);
  for (var i = 0; i < needed.length; i++) {
    if (have[i] !== needed[i]) return have[i] < needed[i];
  }
  return false;
}

// A folder of the user's own: in Node's default, the shared temporary folder, others could leave code for us.
function compileCacheFolder() {
  var env = process.env;
  var base = env.XDG_CACHE_HOME || (process.platform === 'win32' ? env.LOCALAPPDATA : env.HOME && env.HOME + '/.cache');
  return base && base + '/kubectl-sts-safe/' + process.version;
}

// V8 lets the space for young objects grow to 64 MB on what a watch brings in an hour, although little of it lives: with
// a thousand members that is a third of the process. The size that it has after a second does as well, and costs no time
// (docs/benchmarks.md). Not sooner: after a change of its flags V8 takes none of the code that comes compiled with Node, and a start
// needs much of that.
function keepSmall() {
  setTimeout(function () {
    process.getBuiltinModule('node:v8').setFlagsFromString('--semi-space-growth-factor=1');
  }, 1000).unref();
}

export function launch(entry) {
  if (tooOld()) {
    console.error('error: kubectl sts-safe needs Node.js >= ' + needed.join('.') + ', this is ' + process.version);
    console.error('hint: put a newer one first on the PATH; in a clone: export PATH="$PWD/node_modules/.bin:$PATH"');
    process.exit(1);
  }
  var folder = compileCacheFolder();
  keepSmall();
  if (folder) process.getBuiltinModule('node:module').enableCompileCache(folder);
  import('../dist/main.js').then(
    function (main) {
      return main[entry]();
    },
    function (error) {
      console.error('error: kubectl sts-safe cannot start: ' + error.message);
      process.exit(1);
    },
  );
}
