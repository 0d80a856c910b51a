import './flexibility/editor';
