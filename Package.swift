// swift-tools-version: 6.2
import PackageDescription

/// One block of settings for every Swift target: what the language can check, it checks.
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let package = Package(
  name: "calltally",
  products: [
    .executable(name: "calltally", targets: ["calltally"])
  ],
  traits: [
    .trait(name: "FastInflate", description: "ISA-L (libisal) inflates instead of our decoder; see README.md.")
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["libz-dev"])]),
    .systemLibrary(name: "CIsal", pkgConfig: "libisal", providers: [.apt(["libisal-dev"])]),
    .systemLibrary(name: "CVector"),
    // What events are made of is public in it: of a package type nothing is inlined into another module.
    .target(name: "CallModel", swiftSettings: settings),
    .target(
      name: "Intake",
      dependencies: [
        "CVector", "CallModel", "CZlib", .target(name: "CIsal", condition: .when(traits: ["FastInflate"])),
      ],
      swiftSettings: settings),
    .target(
      name: "Tally",
      dependencies: [
        "CallModel", .product(name: "OrderedCollections", package: "swift-collections"),
      ],
      swiftSettings: settings),
    .target(
      name: "TextTables",
      dependencies: ["CVector", "CallModel", .product(name: "Crypto", package: "swift-crypto")],
      swiftSettings: settings),
    .target(
      name: "Pipeline",
      dependencies: [
        "CallModel", "Intake", "Tally", "TextTables",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "calltally",
      dependencies: [
        "Pipeline", .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "stage-benchmark",
      dependencies: [
        "Intake", "Pipeline", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Tests/Benchmarks/Stages", swiftSettings: settings),
    .testTarget(name: "CallModelTests", dependencies: ["CallModel"], swiftSettings: settings),
    .testTarget(name: "IntakeTests", dependencies: ["CZlib", "Intake"], swiftSettings: settings),
    .testTarget(name: "TallyTests", dependencies: ["CallModel", "Intake", "Tally"], swiftSettings: settings),
    .testTarget(name: "TextTablesTests", dependencies: ["TextTables"], swiftSettings: settings),
    .testTarget(name: "PipelineTests", dependencies: ["Pipeline"], swiftSettings: settings),
  ]
)
