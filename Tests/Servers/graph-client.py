# SPDX-License-Identifier: MIT
"""What Office365-REST-Python-Client does with a server of Microsoft Graph: graph-client.py ADDRESS PERSON.

Signs in by device code, without the client's own sign-in, which goes to Microsoft's servers alone; everything after that is
the client's. Prints a line for each step.
"""
import sys

import requests
from office365 import azure_env
from office365.graph_client import GraphClient

address, person = sys.argv[1:]
login = requests.Session()
login.trust_env = False


def form(path, **fields):
    return login.post(address + path, data=fields, timeout=20)


code = form("/harbour.example/oauth2/v2.0/devicecode", client_id="demo", scope="Files.ReadWrite.All").json()
form("/device", user_code=code["user_code"], user=person)
grant = "urn:ietf:params:oauth:grant-type:device_code"
token = form("/harbour.example/oauth2/v2.0/token", client_id="demo", grant_type=grant, device_code=code["device_code"]).json()

for endpoint in azure_env._ENDPOINTS.values():
    endpoint["graph"] = address
client = GraphClient(token_callback=lambda: token)


def holder(item):
    """Who has it checked out, as the listing tells it."""
    # The client keeps what an earlier answer had and this one has not: so a new object each time.
    found = client.drives[drives[0].id].items[item.id].get().select(["id", "name", "publication"]).execute_query()
    by = found.properties.get("publication") or {}
    by = by if isinstance(by, dict) else by.to_json()
    return ((by.get("checkedOutBy") or {}).get("user") or {}).get("displayName") or "nobody"


print("me:", client.me.get().execute_query().properties["displayName"])
print("own drive:", client.me.drive.get().execute_query().properties["driveType"])
site = client.sites.get_by_url("https://harbour.sharepoint.example/sites/harbour").execute_query()
print("site:", site.properties["name"])
drives = client.sites[site.id].drives.get().execute_query()
print("drives:", *[drive.properties["name"] for drive in drives])
root = drives[0].root
print("children:", *[child.name for child in root.children.get().execute_query()])
folder = root.get_by_path("news").get().execute_query()
print("by path:", folder.name)
files = folder.children.get().execute_query()
print("files:", *[file.name for file in files])
item = files[0]
item.checkout().execute_query()
print("checked out by:", holder(item))
item.checkin("From Python").execute_query()
print("checked in:", holder(item))
item.checkout().execute_query()
print("checked out again by:", holder(item))
item.discard_checkout().execute_query()
print("discarded:", holder(item))
print("changes:", len(root.delta.get().execute_query()))
