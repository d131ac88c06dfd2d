export * from "terra-draw";
