// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import Glibc
import TestOffice
import TestSupport

/// nginx with the answers of a demo server as files: a server that costs nothing, so that only the client is measured.
/// It ends with this value, as it is one process without workers of its own.
final class Replica {
    /// Where it listens, with the site's path.
    let address: String
    private let process: Program
    private let folder: String

    /// Whether nginx is installed.
    static var isPossible: Bool { unsafe access("/usr/sbin/nginx", X_OK) == 0 && access(echo, R_OK) == 0 }

    private static let echo = "/usr/lib/nginx/modules/ngx_http_echo_module.so"

    /// Asks the office's server once for whatever was asked, and serves the answers.
    /// - Parameter takes: how many milliseconds each answer takes.
    init(of office: Office, _ asked: [LoggedRequest], takes milliseconds: Int = 0) throws {
        if let odd = asked.first(where: { $0.method != "GET" && !$0.path.hasSuffix("/@login") }) {
            throw Missing(description: "a file can't answer \(odd.method) \(odd.path)")
        }
        folder = try Office.makeFolder()
        let root = "http://" + office.server.address.dropFirst("http://".count).prefix { $0 != "/" }
        let paths = Set(asked.filter { $0.method == "GET" }.map(\.path)).sorted()
        var (config, map) = (Self.curlOptions, "")
        for (number, path) in paths.enumerated() {
            config += "url = \"\(root)\(path)\"\noutput = \"\(folder)/\(number).json\"\n"
            map += "    \"\(path)\" \(number).json;\n"
        }
        try Office.write(config, to: folder + "/curl")
        let login = office.server.address.dropFirst(root.count) + "/@login"
        map += "    \"\(login)\" login.json;\n"
        try Self.curl(["--config", folder + "/curl"])
        try Self.curl([
            "-sf", "-H", "Accept: application/json", "--json",
            "{\"login\": \"mona\", \"password\": \"\(Office.password)\"}", "-o", folder + "/login.json",
            root + login,
        ])
        let port = try Self.freePort()
        try Office.write(
            Self.configuration(folder, port: port, map: map, takes: milliseconds), to: folder + "/nginx.conf")
        address = "http://127.0.0.1:\(port)" + office.server.address.dropFirst(root.count)
        process = try Program(
            "/usr/sbin/nginx", ["-p", folder, "-c", folder + "/nginx.conf", "-e", folder + "/errors"])
        try Self.curl([
            "-sf", "--retry", "50", "--retry-connrefused", "--retry-delay", "1", "-o", "/dev/null",
            "http://127.0.0.1:\(port)\(paths.first ?? "/")",
        ])
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private static func curl(_ arguments: [String]) throws {
        let ending = try Waiting.wait {
            try await Program.run("/usr/bin/curl", arguments, environment: ["PATH": "/usr/bin:/bin"], within: 120)
        }
        guard ending.status == 0 else { throw Missing(description: "curl: \(ending)") }
    }

    private static func freePort() throws -> Int { try StubServer(answer: "").port }

    private static let curlOptions =
        "header = \"Accept: application/json\"\nuser = \"mona:\(Office.password)\"\nsilent\nparallel\n"

    private static func configuration(_ folder: String, port: Int, map: String, takes milliseconds: Int) -> String {
        // Who is root would otherwise serve as nobody, who may not read the folder.
        """
        \(getuid() == 0 ? "user root;" : "") daemon off; master_process off; \(milliseconds == 0 ? "" : "load_module \(echo);") pid \(folder)/pid; error_log \(folder)/errors;
        events { worker_connections 256; }
        http {
          access_log off; keepalive_requests 100000000; tcp_nodelay on; sendfile on; open_file_cache max=10000;
          client_body_temp_path \(folder)/1; proxy_temp_path \(folder)/2; fastcgi_temp_path \(folder)/3;
          uwsgi_temp_path \(folder)/4; scgi_temp_path \(folder)/5;
          large_client_header_buffers 8 64k; map_hash_max_size 262144; map_hash_bucket_size 8192;
          map $request_uri $answer {
            default missing;
        \(map)
          }
          server {
            listen 127.0.0.1:\(port); root \(folder); default_type application/json;
            \(milliseconds == 0 ? "" : "location / { echo_sleep \(Double(milliseconds) / 1_000); echo_exec @answer; }")
            location \(milliseconds == 0 ? "/" : "@answer") { try_files /$answer =404; }
            error_page 405 =200 /login.json;
          }
        }

        """
    }
}
