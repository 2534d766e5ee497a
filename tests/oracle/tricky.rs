//! Inputs that are hard to edit right, by name. The repository's URL in them is the published one.

/// Name and text.
pub const INPUTS: &[(&str, &str)] = &[
    ("dotted", "spinnaker.extensibility.plugins.Armory.AWSCATsOnEvent.enabled: true\n"),
    (
        "nested by dots",
        "spinnaker:\n  extensibility:\n    plugins:\n      Armory:\n        AWSCATsOnEvent: {enabled: 'yes', version: 0.2.1}\n    repositories.mine.url: https://raw.githubusercontent.com/armory-plugins/pluginRepository/master/\n",
    ),
    (
        "twice",
        "spinnaker.extensibility.plugins.Armory.AWSCATsOnEvent.enabled: true\nspinnaker:\n  extensibility:\n    plugins:\n      Armory.AWSCATsOnEvent:\n        enabled: true\n",
    ),
    ("flow", "spinnaker: {extensibility: {plugins: {Other.Plugin: {enabled: true}}}}\n"),
    (
        "empty flow with remark",
        "spinnaker:\n  extensibility:\n    plugins: {} # none yet\n    repositories: {}\nother: 1\n",
    ),
    ("shared anchor", "base: &b\n  x: 1\nspinnaker: *b\n"),
    ("anchor used elsewhere", "spinnaker: &s\n  s3:\n    enabled: false\ncopy: *s\n"),
    ("merge key", "b: &b {extensibility: {}}\nspinnaker:\n  <<: *b\n  s3: {enabled: false}\n"),
    (
        "newer",
        "spinnaker:\n  extensibility:\n    plugins:\n      Armory.AWSCATsOnEvent:\n        enabled: true\n        version: 0.3.0\n",
    ),
    (
        "placeholder",
        "spinnaker:\n  extensibility:\n    plugins:\n      Armory.AWSCATsOnEvent:\n        enabled: ${PLUGIN:true}\n",
    ),
    ("list in the path", "spinnaker:\n  extensibility:\n    plugins: []\n"),
    ("scalar in the path", "spinnaker: on\n"),
    (
        "wrong case",
        "spinnaker:\n  extensibility:\n    plugins:\n      armory.awscatsonevent:\n        enabled: true\n",
    ),
    (
        "property in wrong case",
        "spinnaker:\n  extensibility:\n    plugins:\n      Armory.AWSCATsOnEvent:\n        Enabled: true\n        version: 0.2.1\n",
    ),
    (
        "repository off",
        "spinnaker:\n  extensibility:\n    repositories:\n      mine:\n        enabled: false # why\n        url: https://raw.githubusercontent.com/armory-plugins/pluginRepository/master/plugins.json\n",
    ),
    (
        "repository without url",
        "spinnaker:\n  extensibility:\n    repositories:\n      awsEventCache:\n        enabled: true\n",
    ),
    (
        "dotted repository key",
        "spinnaker:\n  extensibility:\n    repositories:\n      aws.event:\n        url: https://raw.githubusercontent.com/armory-plugins/pluginRepository/master/plugins.json\n",
    ),
    (
        "repository elsewhere",
        "spinnaker:\n  extensibility:\n    repositories:\n      awsEventCache:\n        url: 'https://mirror.example.com/plugins/plugins.json'\n",
    ),
    ("several documents", "a: 1\n---\nb: 2\n"),
    (
        "conditional second document",
        "a: 1\n---\nspring:\n  profiles: prod\nspinnaker:\n  extensibility:\n    plugins:\n      Armory.AWSCATsOnEvent:\n        enabled: false\n",
    ),
    ("crlf", "a: 1\r\nspinnaker:\r\n  x: 1\r\n"),
    ("block scalar without final newline", "a: 1\nb: |\n  text"),
    ("keep block scalar", "a: 1\nb: |+\n  text\n\n\n"),
    ("explicit key", "? spinnaker\n: extensibility:\n    plugins: {}\n"),
    ("tagged map", "spinnaker: !!map\n  extensibility:\n    plugins: {}\n"),
    ("null with tilde", "spinnaker:\n  extensibility: ~ # later\n  s3: 1\n"),
    ("not yaml", "a: [1\nb: 2\n"),
    ("indented root", "  a: 1\n  b: 2\n"),
    ("blank last line", "a:\n  b: 1\n  "),
    ("only a header", "---"),
    ("header and flow", "--- {a: 1}\n"),
    (
        "both wrong and right key",
        "spinnaker:\n  extensibility:\n    plugins:\n      Armory.Integration: {id: Armory.AWSCATsOnEvent, enabled: true}\n      Armory.AWSCATsOnEvent: {enabled: true, version: 0.2.1}\n",
    ),
    (
        "foreign repository without url",
        "spinnaker:\n  extensibility:\n    repositories:\n      mine:\n        enabled: true\n",
    ),
    (
        "merge key beside",
        "b: &b\n  s3: {enabled: false}\nspinnaker:\n  <<: *b\n  extensibility:\n    plugins: {}\n",
    ),
    (
        "merge key that brings what would be hidden",
        "b: &b\n  extensibility: {plugins: {Other.Plugin: {enabled: true}}}\nspinnaker:\n  <<: *b\n  s3: {enabled: false}\n",
    ),
    (
        "merge key whose part is written out",
        "b: &b\n  extensibility: {plugins: {Other.Plugin: {enabled: true}}}\nspinnaker:\n  <<: *b\n  extensibility:\n    plugins: {}\n",
    ),
    (
        "merge key that brings all",
        "defaults: &d\n  plugins: {Armory.AWSCATsOnEvent: {enabled: true, version: 0.2.1}}\n  repositories: {mine: {url: 'https://raw.githubusercontent.com/armory-plugins/pluginRepository/master/plugins.json'}}\nspinnaker:\n  extensibility:\n    <<: *d\n",
    ),
    (
        "merge key that brings a newer version",
        "defaults: &d {enabled: true, version: 0.9.0}\nspinnaker:\n  extensibility:\n    plugins:\n      Armory.AWSCATsOnEvent:\n        <<: *d\n",
    ),
    (
        "merge key that switches off",
        "defaults: &d {enabled: false, version: 0.2.1}\nspinnaker:\n  extensibility:\n    plugins:\n      Armory.AWSCATsOnEvent:\n        <<: *d\n        config: {a: b}\n",
    ),
    (
        "merge keys in a list",
        "a: &a {s3: {enabled: false}}\nb: &b {gcs: {enabled: false}}\nspinnaker:\n  <<: [*a, *b]\n",
    ),
    ("two merge keys", "a: &a {x: 1}\nb: &b {y: 2}\nspinnaker:\n  <<: *a\n  <<: *b\n  z: 3\n"),
    ("quoted merge key", "spinnaker:\n  '<<': 1\n  z: 3\n"),
    ("merge key at the root", "b: &b {x: 1}\n<<: *b\ny: 2\n"),
    (
        "merge key of spinnaker brings a part of another name",
        "b: &b {extensibilit: {x: 1}, s3: {enabled: false}}\nspinnaker:\n  <<: *b\n",
    ),
    (
        "merge key of the root brings spinnaker by a dotted key",
        "b: &b {spinnaker.s3.enabled: false}\n<<: *b\ny: 2\n",
    ),
    ("merge key of the root brings spinnaker", "b: &b {spinnaker: {s3: {enabled: false}}}\n<<: *b\ny: 2\n"),
    (
        "alias with an anchor elsewhere",
        "x: &x {enabled: true}\nspinnaker:\n  extensibility:\n    plugins:\n      Other.Plugin: *x\n",
    ),
    (
        "alias as the plugin",
        "x: &x {enabled: true, version: 0.2.1}\nspinnaker:\n  extensibility:\n    plugins:\n      Armory.AWSCATsOnEvent: *x\n",
    ),
    (
        "alias as a repository's url",
        "x: &x https://raw.githubusercontent.com/armory-plugins/pluginRepository/master/repositories.json\nspinnaker:\n  extensibility:\n    plugins:\n      Armory.AWSCATsOnEvent: {enabled: true, version: 0.2.1}\n    repositories:\n      mine: {url: *x}\n",
    ),
    (
        "alias as plugins",
        "x: &x {Other.Plugin: {enabled: true}}\nspinnaker:\n  extensibility:\n    plugins: *x\n",
    ),
    ("anchor on the way that nobody uses", "spinnaker: &s\n  extensibility: &e\n    plugins: {}\n"),
    ("anchor of a neighbour", "spinnaker:\n  s3: &s3 {enabled: false}\n  gcs: *s3\n"),
    ("anchored tilde", "spinnaker:\n  extensibility: &e ~ # later\nx: 1\n"),
    ("anchored null", "spinnaker:\n  extensibility: &e\nx: 1\n"),
    ("several, the second has spinnaker", "a: 1\n---\nspinnaker:\n  s3: {enabled: false}\n---\nb: 2\n"),
    (
        "several, a later one switches off",
        "spinnaker:\n  extensibility:\n    plugins:\n      Armory.AWSCATsOnEvent: {enabled: true, version: 0.2.1}\n---\nspinnaker.extensibility.plugins.Armory.AWSCATsOnEvent.enabled: false\n",
    ),
    (
        "several, a later one is older",
        "spinnaker:\n  extensibility:\n    plugins:\n      Armory.AWSCATsOnEvent: {enabled: true, version: 0.2.1}\n---\nspinnaker:\n  extensibility:\n    plugins:\n      Armory.AWSCATsOnEvent: {version: 0.1.0}\n",
    ),
    (
        "several, a later one is newer",
        "spinnaker:\n  extensibility:\n    plugins:\n      Armory.AWSCATsOnEvent: {enabled: true, version: 0.3.0}\n---\nx: 1\n",
    ),
    (
        "several, all there together",
        "spinnaker:\n  extensibility:\n    plugins:\n      Armory.AWSCATsOnEvent: {enabled: true}\n---\nspinnaker:\n  extensibility:\n    plugins:\n      Armory.AWSCATsOnEvent: {version: 0.2.1}\n    repositories:\n      mine: {url: 'https://raw.githubusercontent.com/armory-plugins/pluginRepository/master/'}\n",
    ),
    (
        "several, a later repository points elsewhere",
        "spinnaker:\n  extensibility:\n    plugins:\n      Armory.AWSCATsOnEvent: {enabled: true, version: 0.2.1}\n    repositories:\n      awsEventCache: {url: 'https://raw.githubusercontent.com/armory-plugins/pluginRepository/master/'}\n---\nspinnaker:\n  extensibility:\n    repositories:\n      awsEventCache: {url: 'https://mirror.example.com/'}\n",
    ),
    ("several, a later scalar in the path", "a: 1\n---\nspinnaker: 2\n"),
    (
        "several, with ends and a remark",
        "# head\n---\na: 1\n...\n---\n# second\nspinnaker:\n    s3:\n        enabled: false\n...\n",
    ),
    ("an empty first document", "# only remarks\n---\nspring:\n  profiles: prod\nx: 1\n"),
    ("every document conditional", "spring.profiles: prod\nx: 1\n---\nspring.profiles: test\nx: 2\n"),
    (
        "conditional on local, switched off",
        "a: 1\n---\nspring:\n  profiles: local\nspinnaker:\n  extensibility:\n    plugins:\n      Armory.AWSCATsOnEvent:\n        enabled: false\n",
    ),
    ("conditional on local, other things", "a: 1\n---\nspring:\n  profiles: local\nb: 2\n"),
    ("conditional by the new name", "a: 1\n---\nspring.config.activate.on-profile: prod\nb: 2\n"),
    (
        "relaxed spelling beside",
        "spinnaker:\n  extensibility:\n    plugins-root-path: /opt/x\n    pluginsRootPath: /opt/y\n",
    ),
    (
        "1.1 booleans",
        "a: yes\nb: off\nspinnaker:\n  extensibility:\n    plugins:\n      Armory.AWSCATsOnEvent:\n        enabled: on\n        version: 0.2.1\n",
    ),
    ("keys that YAML 1.1 reads as others", "yes: 1\nno: 2\n1: 3\n1.5: 4\n"),
    ("a null key", "a: 1\nnull: 5\n"),
    ("a null key with a tilde", "a:\n  ~: 5\n"),
    ("an empty key", "a: 1\n: 5\n"),
    ("a null key in a list", "a:\n- b: 1\n  Null: 2\n"),
    ("a quoted null key", "'null': 5\n"),
    ("a number as a key in a list", "a:\n- {1: x}\n"),
    ("a boolean as a key in a list", "a:\n- {yes: x}\n"),
    ("a list as a key", "? [a, b]\n: 1\n"),
    ("a mapping as a key", "a: {? {x: 1} : 2}\n"),
    ("a date as a key", "a:\n  2024-01-01: x\n"),
    ("a date and an octal", "date: 2024-01-01\noctal: 0777\nsexagesimal: 12:30:45\nbig: 1_000\n"),
    ("folded text at the end", "a: >-\n  one\n  two\n"),
    ("quoted over lines", "a: \"one\n  two\"\nb: 'three\n\n  four'\n"),
    ("list of maps", "accounts:\n- name: a\n  regions: [us-east-1]\n- name: b\nspinnaker:\n  s3: {}\n"),
    (
        "repository enabled 'yes'",
        "spinnaker:\n  extensibility:\n    repositories:\n      mine:\n        enabled: 'yes'\n        url: https://raw.githubusercontent.com/armory-plugins/pluginRepository/master/plugins.json\n",
    ),
    (
        "repository enabled 'off'",
        "spinnaker:\n  extensibility:\n    repositories:\n      mine:\n        enabled: 'off'\n        url: https://raw.githubusercontent.com/armory-plugins/pluginRepository/master/plugins.json\n",
    ),
    (
        "repository enabled 1",
        "spinnaker:\n  extensibility:\n    repositories:\n      mine:\n        enabled: 1\n        url: https://raw.githubusercontent.com/armory-plugins/pluginRepository/master/plugins.json\n",
    ),
    (
        "repository enabled '1'",
        "spinnaker:\n  extensibility:\n    repositories:\n      mine:\n        enabled: '1'\n        url: https://raw.githubusercontent.com/armory-plugins/pluginRepository/master/plugins.json\n",
    ),
    (
        "repository enabled 'True'",
        "spinnaker:\n  extensibility:\n    repositories:\n      mine:\n        enabled: 'True'\n        url: https://raw.githubusercontent.com/armory-plugins/pluginRepository/master/plugins.json\n",
    ),
    (
        "repository enabled 'TRUE'",
        "spinnaker:\n  extensibility:\n    repositories:\n      mine:\n        enabled: 'TRUE'\n        url: https://raw.githubusercontent.com/armory-plugins/pluginRepository/master/plugins.json\n",
    ),
    (
        "repository enabled 'tRUE'",
        "spinnaker:\n  extensibility:\n    repositories:\n      mine:\n        enabled: 'tRUE'\n        url: https://raw.githubusercontent.com/armory-plugins/pluginRepository/master/plugins.json\n",
    ),
    (
        "repository enabled empty text",
        "spinnaker:\n  extensibility:\n    repositories:\n      mine:\n        enabled: ''\n        url: https://raw.githubusercontent.com/armory-plugins/pluginRepository/master/plugins.json\n",
    ),
    (
        "repository enabled null",
        "spinnaker:\n  extensibility:\n    repositories:\n      mine:\n        enabled: \n        url: https://raw.githubusercontent.com/armory-plugins/pluginRepository/master/plugins.json\n",
    ),
    (
        "repository enabled 0",
        "spinnaker:\n  extensibility:\n    repositories:\n      mine:\n        enabled: 0\n        url: https://raw.githubusercontent.com/armory-plugins/pluginRepository/master/plugins.json\n",
    ),
    (
        "repository enabled ' true '",
        "spinnaker:\n  extensibility:\n    repositories:\n      mine:\n        enabled: ' true '\n        url: https://raw.githubusercontent.com/armory-plugins/pluginRepository/master/plugins.json\n",
    ),
    (
        "repository enabled a word",
        "spinnaker:\n  extensibility:\n    repositories:\n      mine:\n        enabled: maybe\n        url: https://raw.githubusercontent.com/armory-plugins/pluginRepository/master/plugins.json\n",
    ),
    (
        "repository enabled On",
        "spinnaker:\n  extensibility:\n    repositories:\n      mine:\n        enabled: On\n        url: https://raw.githubusercontent.com/armory-plugins/pluginRepository/master/plugins.json\n",
    ),
    (
        "repository enabled a placeholder",
        "spinnaker:\n  extensibility:\n    repositories:\n      mine:\n        enabled: ${X:true}\n        url: https://raw.githubusercontent.com/armory-plugins/pluginRepository/master/plugins.json\n",
    ),
    (
        "repository enabled a tagged text",
        "spinnaker:\n  extensibility:\n    repositories:\n      mine:\n        enabled: !!str true\n        url: https://raw.githubusercontent.com/armory-plugins/pluginRepository/master/plugins.json\n",
    ),
    (
        "plugin enabled 'yes'",
        "spinnaker:\n  extensibility:\n    plugins:\n      Armory.AWSCATsOnEvent:\n        enabled: 'yes'\n        version: 0.2.1\n",
    ),
    (
        "plugin enabled 1",
        "spinnaker:\n  extensibility:\n    plugins:\n      Armory.AWSCATsOnEvent:\n        enabled: 1\n        version: 0.2.1\n",
    ),
    (
        "plugin enabled '1'",
        "spinnaker:\n  extensibility:\n    plugins:\n      Armory.AWSCATsOnEvent:\n        enabled: '1'\n        version: 0.2.1\n",
    ),
    (
        "plugin enabled 'tRUE'",
        "spinnaker:\n  extensibility:\n    plugins:\n      Armory.AWSCATsOnEvent:\n        enabled: 'tRUE'\n        version: 0.2.1\n",
    ),
    (
        "plugin enabled a word",
        "spinnaker:\n  extensibility:\n    plugins:\n      Armory.AWSCATsOnEvent:\n        enabled: maybe\n        version: 0.2.1\n",
    ),
    (
        "plugin enabled empty text",
        "spinnaker:\n  extensibility:\n    plugins:\n      Armory.AWSCATsOnEvent:\n        enabled: ''\n        version: 0.2.1\n",
    ),
    (
        "plugin enabled ' true '",
        "spinnaker:\n  extensibility:\n    plugins:\n      Armory.AWSCATsOnEvent:\n        enabled: ' true '\n        version: 0.2.1\n",
    ),
    (
        "plugin enabled null",
        "spinnaker:\n  extensibility:\n    plugins:\n      Armory.AWSCATsOnEvent:\n        enabled: \n        version: 0.2.1\n",
    ),
    (
        "plugin enabled 2",
        "spinnaker:\n  extensibility:\n    plugins:\n      Armory.AWSCATsOnEvent:\n        enabled: 2\n        version: 0.2.1\n",
    ),
    (
        "plugin enabled y",
        "spinnaker:\n  extensibility:\n    plugins:\n      Armory.AWSCATsOnEvent:\n        enabled: y\n        version: 0.2.1\n",
    ),
    (
        "plugin version 0.2",
        "spinnaker:\n  extensibility:\n    plugins:\n      Armory.AWSCATsOnEvent:\n        enabled: true\n        version: 0.2\n",
    ),
    (
        "plugin version quoted",
        "spinnaker:\n  extensibility:\n    plugins:\n      Armory.AWSCATsOnEvent:\n        enabled: true\n        version: '0.2.1'\n",
    ),
    (
        "plugin version double quoted",
        "spinnaker:\n  extensibility:\n    plugins:\n      Armory.AWSCATsOnEvent:\n        enabled: true\n        version: \"0.2.1\"\n",
    ),
    (
        "plugin version with blanks",
        "spinnaker:\n  extensibility:\n    plugins:\n      Armory.AWSCATsOnEvent:\n        enabled: true\n        version: ' 0.2.1 '\n",
    ),
    (
        "plugin version a number 0.20",
        "spinnaker:\n  extensibility:\n    plugins:\n      Armory.AWSCATsOnEvent:\n        enabled: true\n        version: 0.20\n",
    ),
    (
        "plugin version v0.2.1",
        "spinnaker:\n  extensibility:\n    plugins:\n      Armory.AWSCATsOnEvent:\n        enabled: true\n        version: v0.2.1\n",
    ),
    (
        "foreign repository with a switch that is none",
        "spinnaker:\n  extensibility:\n    repositories:\n      mine: {enabled: 'on', url: 'https://example.com/plugins.json'}\n",
    ),
    (
        "foreign repository with an odd url",
        "spinnaker:\n  extensibility:\n    repositories:\n      mine: {url: 'example.com/plugins.json'}\n",
    ),
    (
        "repository as text",
        "spinnaker:\n  extensibility:\n    repositories:\n      mine: https://example.com/plugins.json\n",
    ),
    (
        "repository with blanks around its url",
        "spinnaker:\n  extensibility:\n    repositories:\n      mine: {url: ' https://raw.githubusercontent.com/armory-plugins/pluginRepository/master/plugins.json '}\n",
    ),
    (
        "repository front50",
        "spinnaker:\n  extensibility:\n    repositories:\n      front50: {enabled: true}\n",
    ),
    (
        "repository of ours with a file downloader",
        "spinnaker:\n  extensibility:\n    repositories:\n      mine:\n        url: https://raw.githubusercontent.com/armory-plugins/pluginRepository/master/plugins.json\n        fileDownloader: {className: x}\n",
    ),
    (
        "repository of ours with an unknown field",
        "spinnaker:\n  extensibility:\n    repositories:\n      mine: {id: x, version: 1, url: https://raw.githubusercontent.com/armory-plugins/pluginRepository/master/plugins.json}\n",
    ),
    ("an import", "spring:\n  config:\n    import: optional:file:/tmp/none.yml\na: 1\n"),
];
